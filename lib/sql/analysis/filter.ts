import { isTree, listOf, type Tree, textOf, unwrap } from './tree'

/** Whether anything in it depends on a row: a column, a relation, a cursor. */
function dependsOnRows(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(dependsOnRows)
  if (!isTree(value)) return false
  for (const key in value) {
    if (key === 'ColumnRef' || key === 'RangeVar' || key === 'CurrentOfExpr') return true
    if (dependsOnRows(value[key])) return true
  }
  return false
}

const sameColumn = (left: unknown, right: unknown): boolean => {
  const names = (value: unknown) => JSON.stringify(unwrap(value, 'ColumnRef')?.fields ?? null)
  return unwrap(left, 'ColumnRef') !== null && names(left) === names(right)
}

const REFLEXIVE = new Set(['=', '<=', '>='])

/** A column compared with itself: true of every row that has a value. */
function isReflexive(node: Tree): boolean {
  const name = unwrap(listOf(node.name)[0], 'String')?.sval
  return textOf(name) !== null && REFLEXIVE.has(textOf(name) ?? '') && sameColumn(node.lexpr, node.rexpr)
}

/**
 * Whether a WHERE can leave rows out. Not when it is missing, consists of constants only, or has a part like that behind an OR. Bound
 * values are constants.
 */
export function filters(where: unknown): boolean {
  if (!isTree(where)) return false
  const logical = unwrap(where, 'BoolExpr')
  if (logical) {
    const parts = listOf(logical.args)
    return logical.boolop === 'OR_EXPR' ? parts.every(filters) : parts.some(filters)
  }
  const operation = unwrap(where, 'A_Expr')
  if (operation && isReflexive(operation)) return false
  return dependsOnRows(where)
}
