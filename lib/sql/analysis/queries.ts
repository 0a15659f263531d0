import { addKinds } from './statement'
import { isTree, listOf, stringsOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Scope, Walk } from './walk'

const visibleCte = (scope: Scope | null, name: string): boolean =>
  scope !== null && (scope.names.has(name) || visibleCte(scope.outer, name))

function rangeVar(walk: Walk, node: Tree): void {
  const name = textOf(node.relname)
  const schema = textOf(node.schemaname)
  if (name === null) walk.found.opaque.add('a relation without a name')
  else {
    walk.found.rangeNames.add(name)
    const isCte = walk.role !== 'write' && schema === null && visibleCte(walk.scope, name)
    if (!isCte) {
      if (walk.role !== 'write') walk.found.reads.add({ schema, name })
      if (walk.role !== 'read') walk.found.writes.add({ schema, name })
    }
  }
  walk.fields('RangeVar', node, ['alias'])
}

function commonTable(walk: Walk, node: Tree): void {
  for (const type of Object.keys(isTree(node.ctequery) ? node.ctequery : {})) addKinds(walk, type)
  // Its rows are compared for SEARCH and CYCLE, by the operators of the columns' types.
  walk.fields('CommonTableExpr', node, ['ctequery', 'search_clause', 'cycle_clause'])
}

/**
 * Visits the queries of a WITH clause, and then the rest of what carries it with their names visible. Without RECURSIVE a query sees
 * only those before it.
 */
export function withQueries(walk: Walk, clause: unknown, visit: () => void): void {
  if (!isTree(clause)) {
    visit()
    return
  }
  const queries = listOf(clause.ctes)
  const nameAt = (query: unknown) => textOf(unwrap(query, 'CommonTableExpr')?.ctename) ?? ''
  const all: Scope = { names: new Set(queries.map(nameAt)), outer: walk.scope }
  const before: string[] = []
  for (const query of queries) {
    const scope = clause.recursive === true ? all : { names: new Set(before), outer: walk.scope }
    walk.within(scope, () => walk.value(query))
    before.push(nameAt(query))
  }
  walk.fields('WithClause', clause, [])
  walk.within(all, visit)
}

const WITHOUT_FROM = [
  ...['distinctClause', 'targetList', 'whereClause', 'groupClause', 'havingClause', 'windowClause', 'valuesLists'],
  ...['sortClause', 'limitOffset', 'limitCount', 'larg', 'rarg'],
]

function select(walk: Walk, node: Tree): void {
  const locks = listOf(node.lockingClause).length > 0
  if (locks) {
    walk.found.kinds.add('select-for-update')
    walk.found.changes = true
  }
  if (isTree(node.intoClause)) {
    for (const kind of ['select-into', 'create'] as const) walk.found.kinds.add(kind)
    walk.found.objects.add('table')
    walk.found.changes = true
    const into = node.intoClause
    walk.as('write', () => walk.node('IntoClause', into))
  }
  const role = locks || walk.role === 'locked' ? 'locked' : 'read'
  withQueries(walk, node.withClause, () => {
    walk.as(role, () => walk.fields('SelectStmt', node, ['fromClause']))
    walk.as('read', () => walk.fields('SelectStmt', node, WITHOUT_FROM))
  })
}

export const QUERY_RULES: Rules = {
  RangeVar: rangeVar,
  CommonTableExpr: commonTable,
  SelectStmt: select,
  // Marks that it makes are compared by what their type says.
  CTECycleClause: (walk, node) => walk.fields('CTECycleClause', node, ['cycle_mark_value', 'cycle_mark_default']),
  CTESearchClause: (walk, node) => walk.fields('CTESearchClause', node, []),
  IntoClause: (walk, node) => {
    for (const column of stringsOf(node.colNames) ?? []) walk.found.columns.add(column)
    walk.fields('IntoClause', node, ['rel', 'options'])
  },
}
