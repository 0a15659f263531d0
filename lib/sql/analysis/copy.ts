import { statement } from './statement'
import { isTree, listOf, stringsOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Walk } from './walk'

const OPTIONS = new Set(
  (
    'format freeze delimiter null default header quote escape force_quote force_not_null force_null encoding on_error ' +
    'log_verbosity reject_limit'
  ).split(' '),
)

function copy(walk: Walk, node: Tree): void {
  const { found } = walk
  const into = node.is_from === true
  found.kinds.add(into ? 'copy-in' : 'copy-out')
  if (into) found.changes = true
  if (node.filename !== undefined || node.is_program === true) {
    found.kinds.add(node.is_program === true ? 'copy-program' : 'copy-file')
    found.changes = true
  }
  for (const option of listOf(node.options)) {
    const name = textOf(unwrap(option, 'DefElem')?.defname)
    if (name === null || !OPTIONS.has(name)) found.opaque.add(`an option of COPY that is not known: ${name ?? ''}`)
  }
  const columns = stringsOf(node.attlist) ?? []
  for (const column of columns) found.columns.add(column)
  const { relation } = node
  if (isTree(relation)) {
    if (columns.length === 0) found.columns.add('*')
    walk.as(into ? 'write' : 'read', () => walk.node('RangeVar', relation))
  } else statement(walk, node.query)
  walk.as('read', () => walk.fields('CopyStmt', node, ['whereClause']))
}

export const COPY_RULES: Rules = { CopyStmt: copy }
