import { CHANGE_RULES } from './changes'
import { COPY_RULES } from './copy'
import { DEFINITION_RULES } from './definitions'
import { EXPLAIN_RULES } from './explain'
import { EXPRESSION_RULES } from './expressions'
import { Findings } from './findings'
import { QUERY_RULES } from './queries'
import { SESSION_RULES } from './session-commands'
import { statement } from './statement'
import { type Rule, TooLarge, type TreeLimits, Walk } from './walk'

const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ...EXPRESSION_RULES,
    ...QUERY_RULES,
    ...CHANGE_RULES,
    ...SESSION_RULES,
    ...EXPLAIN_RULES,
    ...COPY_RULES,
    ...DEFINITION_RULES,
  }),
)

/** Names in all lists of the facts; each is in the record of every operation. */
const MAX_NAMES = 2_000

/** Everything that statements do and name, by their parse trees alone; null when the trees are too large to say. */
export function analyse(statements: readonly { stmt?: unknown }[], limits: TreeLimits): Findings | null {
  const found = new Findings()
  const walk = new Walk(found, RULES, limits)
  try {
    for (const { stmt } of statements) statement(walk, stmt)
  } catch (error) {
    if (error instanceof TooLarge || error instanceof RangeError) return null
    throw error
  }
  for (const name of found.bareColumns) if (found.rangeNames.has(name)) found.columns.add('*')
  return found.nameCount > MAX_NAMES ? null : found
}
