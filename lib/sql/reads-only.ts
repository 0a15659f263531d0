/**
 * Whether a parse tree is one plain SELECT that calls no function, takes no lock and stores nothing. Every node type and every
 * field must be known; what is not is a reason to say no. Views, operators and casts may still run code that a parse tree
 * does not show: this is a statement about the text, not about the catalog.
 */

/** Node types (and, in `fields`, the names under which the parser nests a node without its type) that a plain read may have. */
const NODES: ReadonlySet<string> = new Set([
  'SelectStmt',
  'ResTarget',
  'ColumnRef',
  'A_Star',
  'A_Const',
  'A_Expr',
  'A_ArrayExpr',
  'A_Indirection',
  'A_Indices',
  'ParamRef',
  'BoolExpr',
  'NullTest',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'MinMaxExpr',
  'RowExpr',
  'SQLValueFunction',
  'SubLink',
  'TypeCast',
  'CollateClause',
  'RangeVar',
  'RangeSubselect',
  'JoinExpr',
  'SortBy',
  'GroupingSet',
  'CommonTableExpr',
  'List',
  'String',
  'Integer',
])

const FIELDS: ReadonlySet<string> = new Set(
  (
    'targetList fromClause whereClause groupClause groupDistinct havingClause sortClause limitCount limitOffset limitOption ' +
    'distinctClause valuesLists withClause ctes recursive op all larg rarg name val fields indirection arg args kind lexpr ' +
    'rexpr rexpr_list_start rexpr_list_end elements list_start list_end is_slice lidx uidx number boolop nulltesttype ' +
    'booltesttype argisrow expr result defresult row_format typmod subLinkType testexpr operName subselect typeName names typemod ' +
    'typmods arrayBounds collname schemaname relname inh relpersistence alias aliasname colnames lateral subquery jointype ' +
    'isNatural usingClause quals join_using_alias node sortby_dir sortby_nulls content ctename ctematerialized ctequery ' +
    'aliascolnames items sval ival fval bsval boolval isnull location'
  ).split(' '),
)

/** Operators of the core language. A qualified or unknown one may be anybody's function. */
const OPERATORS: ReadonlySet<string> = new Set([
  ...['=', '<>', '<', '>', '<=', '>=', '+', '-', '*', '/', '%', '^', '||', '~~', '!~~', '~~*', '!~~*'],
  ...['~', '!~', '~*', '!~*', '->', '->>', '#>', '#>>', '@>', '<@', '&&', '&', '|'],
  ...['BETWEEN', 'NOT BETWEEN', 'BETWEEN SYMMETRIC', 'NOT BETWEEN SYMMETRIC'],
])

/** Types whose input and casts are the server's own code. */
const TYPES: ReadonlySet<string> = new Set(
  (
    'bool int2 int4 int8 smallint integer bigint float4 float8 real numeric decimal text varchar bpchar char name bytea date ' +
    'time timetz timestamp timestamptz interval uuid json jsonb oid inet cidr macaddr bit varbit money point xid regclass'
  ).split(' '),
)

type Tree = Readonly<Record<string, unknown>>
export interface TreeLimits {
  readonly treeDepth: number
  readonly treeNodes: number
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The strings of a list of String nodes; null when it holds anything else. */
function words(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null
  const found: string[] = []
  for (const item of value) {
    const text = isTree(item) && isTree(item.String) ? item.String.sval : undefined
    if (typeof text !== 'string') return null
    found.push(text)
  }
  return found
}

function knownOperator(name: unknown): boolean {
  const parts = words(name)
  return parts !== null && parts.length === 1 && OPERATORS.has(parts[0] ?? '')
}

function knownType(type: unknown): boolean {
  if (!isTree(type)) return false
  const parts = words(type.names)
  if (parts === null || parts.length === 0 || parts.length > 2) return false
  return (parts.length === 1 || parts[0] === 'pg_catalog') && TYPES.has(parts.at(-1) ?? '')
}

/** Walks the tree; throws nothing. `statement` is the object under `stmt` of a parse result. */
export function readsOnly(statement: unknown, limits: TreeLimits): boolean {
  let nodes = 0

  const known = (value: unknown, depth: number): boolean => {
    if (depth > limits.treeDepth) return false
    if (Array.isArray(value)) return value.every((item) => known(item, depth + 1))
    if (!isTree(value)) return true
    nodes++
    if (nodes > limits.treeNodes) return false
    for (const key in value) {
      const child = value[key]
      const first = key.charCodeAt(0)
      const isNode = first >= 65 && first <= 90
      if (isNode ? !NODES.has(key) : !FIELDS.has(key)) return false
      if (key === 'A_Expr' && !(isTree(child) && knownOperator(child.name))) return false
      if (key === 'operName' && !knownOperator(child)) return false
      if (key === 'typeName' && !knownType(child)) return false
      if (!known(child, depth + 1)) return false
    }
    return true
  }

  return isTree(statement) && isTree(statement.SelectStmt) && Object.keys(statement).length === 1 && known(statement, 0)
}
