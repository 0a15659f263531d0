import { Findings } from './findings'
import { statement } from './statement'
import { isTree, listOf, stringOf, type Tree, textOf, unwrap } from './tree'
import type { Rules, Walk } from './walk'

const OPTIONS = new Set(
  'analyze verbose costs settings generic_plan buffers serialize wal timing summary memory format'.split(' '),
)
const OFF = new Set(['off', 'false'])

/** Whether the statement is run. A number never says no: texts that differ in numbers share their facts. */
function runs(walk: Walk, options: unknown): boolean {
  let analyze = false
  for (const option of listOf(options)) {
    const element = unwrap(option, 'DefElem')
    const name = textOf(element?.defname)
    if (name === null || !OPTIONS.has(name))
      walk.found.opaque.add(`an option of EXPLAIN that is not known: ${name ?? ''}`)
    if (name !== 'analyze') continue
    const value = stringOf(element?.arg)
    if (value === null || !OFF.has(value.toLowerCase())) analyze = true
  }
  return analyze
}

function explain(walk: Walk, node: Tree): void {
  if (runs(walk, node.options)) {
    walk.found.kinds.add('explain-analyze')
    statement(walk, node.query)
  } else {
    // Planning runs no more than the functions it can compute ahead.
    const planned = new Findings()
    walk.into(planned, () => statement(walk, node.query))
    const outer = walk.found
    outer.reads.addAll(planned.writes)
    outer.addUnrun(planned)
  }
  walk.fields('ExplainStmt', node, [])
  if (!isTree(node.query)) walk.found.opaque.add('EXPLAIN of nothing')
}

export const EXPLAIN_RULES: Rules = { ExplainStmt: explain }
