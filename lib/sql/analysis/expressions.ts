import type { Name } from './names'
import { findSetConfig } from './set-config'
import { listOf, stringOf, stringsOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Walk } from './walk'

/** A name of one to three parts; the first of three names the database, which can only be the current one. */
export function nameOf(parts: readonly string[]): Name | null {
  const name = parts.at(-1)
  if (name === undefined || parts.length > 3) return null
  return { schema: parts.at(-2) ?? null, name }
}

const BETWEEN: Readonly<Record<string, readonly string[]>> = {
  AEXPR_BETWEEN: ['>=', '<='],
  AEXPR_NOT_BETWEEN: ['<', '>'],
  AEXPR_BETWEEN_SYM: ['>=', '<='],
  AEXPR_NOT_BETWEEN_SYM: ['<', '>'],
}

/** Syntax of newer servers that an older one reads as a call of a function of that name. */
const NEWER_CALLS: Readonly<Record<string, readonly string[]>> = {
  JsonFuncExpr: ['json_exists', 'json_query', 'json_value'],
  JsonTable: ['json_table'],
  JsonParseExpr: ['json'],
  JsonScalarExpr: ['json_scalar'],
  JsonSerializeExpr: ['json_serialize'],
  JsonObjectConstructor: ['json_object'],
  JsonArrayConstructor: ['json_array'],
  JsonArrayQueryConstructor: ['json_array'],
  JsonObjectAgg: ['json_objectagg'],
  JsonArrayAgg: ['json_arrayagg'],
  MergeSupportFunc: ['merge_action'],
}

const unqualified = (name: string): Name => ({ schema: null, name })

/** Adds an operator that is named by a list of strings. */
function addOperator(walk: Walk, value: unknown): void {
  const name = nameOf(stringsOf(value) ?? [])
  if (name) walk.found.operators.add(name)
  else walk.found.opaque.add('an operator without a name')
}

function addOperators(walk: Walk, ...names: readonly string[]): void {
  for (const name of names) walk.found.operators.add(unqualified(name))
}

function columnRef(walk: Walk, node: Tree): void {
  const fields = listOf(node.fields)
  const last = fields.at(-1)
  const name = stringOf(last)
  if (name === null) {
    if (unwrap(last, 'A_Star')) walk.found.columns.add('*')
    else walk.found.opaque.add('a column without a name')
    return
  }
  walk.found.columns.add(name)
  if (fields.length === 1) walk.found.bareColumns.add(name)
  else walk.found.attributes.add(name)
}

/** Field selections and stars behind an expression or an assigned column. */
function addIndirection(walk: Walk, value: unknown): void {
  for (const item of listOf(value)) {
    const name = stringOf(item)
    if (name !== null) {
      walk.found.columns.add(name)
      walk.found.attributes.add(name)
    } else if (unwrap(item, 'A_Star')) walk.found.columns.add('*')
  }
  walk.value(value)
}

function functionCall(walk: Walk, node: Tree): void {
  const name = nameOf(stringsOf(node.funcname) ?? [])
  if (name === null) walk.found.opaque.add('a function without a name')
  else {
    walk.found.call(name)
    if (name.name === 'set_config') findSetConfig(walk.found, listOf(node.args))
  }
  walk.fields('FuncCall', node)
}

function operation(walk: Walk, node: Tree): void {
  const between = BETWEEN[textOf(node.kind) ?? '']
  if (between) addOperators(walk, ...between)
  else addOperator(walk, node.name)
  walk.fields('A_Expr', node, ['lexpr', 'rexpr'])
}

function typeName(walk: Walk, node: Tree): void {
  const names = stringsOf(node.names) ?? []
  // %TYPE names a column of a relation.
  const name = nameOf(node.pct_type === true ? names.slice(0, -1) : names)
  if (name === null) walk.found.opaque.add('a type without a name')
  else if (node.pct_type === true) walk.found.reads.add(name)
  else walk.found.types.add(name)
  walk.fields('TypeName', node, ['typmods', 'arrayBounds'])
}

/** Sampling methods other than the server's own are functions of that name. */
function sample(walk: Walk, node: Tree): void {
  const name = nameOf(stringsOf(node.method) ?? [])
  if (name) walk.found.call(name)
  else walk.found.opaque.add('a sampling method without a name')
  walk.fields('RangeTableSample', node)
}

const newerCalls: Rules = Object.fromEntries(
  Object.entries(NEWER_CALLS).map(([type, names]) => [
    type,
    (walk: Walk, node: Tree) => {
      for (const name of names) walk.found.call(unqualified(name))
      walk.fields(type, node)
    },
  ]),
)

export const EXPRESSION_RULES: Rules = {
  ...newerCalls,
  // Values of constants mean nothing here, and there may be many.
  A_Const: () => undefined,
  ColumnRef: columnRef,
  A_Indirection: (walk, node) => {
    walk.fields('A_Indirection', node, ['arg'])
    addIndirection(walk, node.indirection)
  },
  ResTarget: (walk, node) => {
    walk.fields('ResTarget', node, ['val'])
    addIndirection(walk, node.indirection)
  },
  FuncCall: functionCall,
  A_Expr: operation,
  SubLink: (walk, node) => {
    if (node.operName !== undefined) addOperator(walk, node.operName)
    else if (node.testexpr !== undefined) addOperators(walk, '=')
    walk.fields('SubLink', node, ['testexpr', 'subselect'])
  },
  CaseExpr: (walk, node) => {
    if (node.arg !== undefined) addOperators(walk, '=')
    walk.fields('CaseExpr', node)
  },
  SortBy: (walk, node) => {
    if (node.useOp !== undefined) addOperator(walk, node.useOp)
    walk.fields('SortBy', node, ['node'])
  },
  // The name of a collation runs nothing.
  CollateClause: (walk, node) => walk.fields('CollateClause', node, ['arg']),
  TypeName: typeName,
  RangeTableSample: sample,
  JoinExpr: (walk, node) => {
    if (node.usingClause !== undefined || node.isNatural === true) addOperators(walk, '=')
    if (node.isNatural === true) walk.found.columns.add('*')
    for (const column of stringsOf(node.usingClause) ?? []) walk.found.columns.add(column)
    walk.fields('JoinExpr', node)
  },
  Alias: (walk, node) => {
    const name = textOf(node.aliasname)
    if (name !== null) walk.found.rangeNames.add(name)
    walk.fields('Alias', node, [])
  },
  XmlExpr: (walk, node) => walk.fields('XmlExpr', node, ['named_args', 'args']),
  JsonReturning: (walk) => {
    walk.found.opaque.add('syntax that is not known: JsonReturning')
  },
  // Its queries are visited by what carries it, which knows how far its names reach.
  WithClause: (walk) => {
    walk.found.opaque.add('a WITH clause where none is known')
  },
}
