import { filters } from './filter'
import { withQueries } from './queries'
import { addKinds } from './statement'
import { isTree, listOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Walk } from './walk'

/** The relation that is changed. `reads`: rows of it are read as well. */
function target(walk: Walk, relation: unknown, use: 'changed' | 'changed and read'): void {
  walk.found.changes = true
  if (!isTree(relation)) walk.found.opaque.add('a change without a target')
  else walk.as(use === 'changed' ? 'write' : 'locked', () => walk.within(null, () => walk.node('RangeVar', relation)))
}

/** Columns that are assigned; a list that is left out is all of them. */
function assigned(walk: Walk, targets: unknown): void {
  for (const item of listOf(targets)) {
    const name = textOf(unwrap(item, 'ResTarget')?.name)
    if (name !== null) walk.found.columns.add(name)
  }
}

const reading = (walk: Walk, type: string, node: Tree, fields: readonly string[]): void =>
  walk.as('read', () => walk.fields(type, node, fields))

function insert(walk: Walk, node: Tree): void {
  target(walk, node.relation, node.returningClause || node.onConflictClause ? 'changed and read' : 'changed')
  if (listOf(node.cols).length > 0) assigned(walk, node.cols)
  else walk.found.columns.add('*')
  const source = unwrap(node.selectStmt, 'SelectStmt')
  if (source && source.valuesLists === undefined) addKinds(walk, 'SelectStmt')
  withQueries(walk, node.withClause, () =>
    reading(walk, 'InsertStmt', node, ['cols', 'selectStmt', 'onConflictClause', 'returningClause']),
  )
}

function update(walk: Walk, node: Tree): void {
  target(walk, node.relation, 'changed and read')
  assigned(walk, node.targetList)
  if (!filters(node.whereClause)) walk.found.unfiltered.add('update')
  withQueries(walk, node.withClause, () =>
    reading(walk, 'UpdateStmt', node, ['targetList', 'fromClause', 'whereClause', 'returningClause']),
  )
}

function remove(walk: Walk, node: Tree): void {
  target(walk, node.relation, 'changed and read')
  if (!filters(node.whereClause)) walk.found.unfiltered.add('delete')
  withQueries(walk, node.withClause, () =>
    reading(walk, 'DeleteStmt', node, ['usingClause', 'whereClause', 'returningClause']),
  )
}

const MERGE_KINDS: Readonly<Record<string, 'insert' | 'update' | 'delete'>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
}

/** An action on rows that match nothing in the source, without a condition, is one on all the others. */
function mergeAction(walk: Walk, node: Tree): void {
  const kind = MERGE_KINDS[textOf(node.commandType) ?? '']
  if (kind) walk.found.kinds.add(kind)
  const bySource = node.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE'
  if (bySource && (kind === 'update' || kind === 'delete') && !filters(node.condition)) {
    walk.found.unfiltered.add(kind)
  }
  assigned(walk, node.targetList)
  if (kind === 'insert' && listOf(node.targetList).length === 0) walk.found.columns.add('*')
  walk.fields('MergeWhenClause', node)
}

function merge(walk: Walk, node: Tree): void {
  target(walk, node.relation, 'changed and read')
  const filtered = filters(node.joinCondition)
  for (const clause of listOf(node.mergeWhenClauses)) {
    const action = unwrap(clause, 'MergeWhenClause')
    const kind = MERGE_KINDS[textOf(action?.commandType) ?? '']
    // Joined by a constant, every row of the target matches.
    if (!filtered && (kind === 'update' || kind === 'delete') && !filters(action?.condition)) {
      walk.found.unfiltered.add(kind)
    }
  }
  withQueries(walk, node.withClause, () =>
    reading(walk, 'MergeStmt', node, ['sourceRelation', 'joinCondition', 'mergeWhenClauses', 'returningClause']),
  )
}

export const CHANGE_RULES: Rules = {
  InsertStmt: insert,
  UpdateStmt: update,
  DeleteStmt: remove,
  MergeStmt: merge,
  MergeWhenClause: mergeAction,
  OnConflictClause: (walk, node) => {
    assigned(walk, node.targetList)
    walk.fields('OnConflictClause', node)
  },
}
