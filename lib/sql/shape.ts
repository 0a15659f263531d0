import { createHash } from 'node:crypto'
import type { SqlFacts, StatementKind } from '../domain/sql-facts'
import { isTree } from './analysis/tree'

/** Statements whose constants are values only. In others they are names, passwords, programs, code. */
const VALUED: ReadonlySet<StatementKind> = new Set([
  ...(['select', 'insert', 'update', 'delete', 'merge', 'select-for-update'] as const),
])

/** Where a node stands in its text says nothing of its shape. */
const PLACES = new Set(['location', 'name_location', 'rexpr_list_start', 'rexpr_list_end', 'list_start', 'list_end'])

const CONSTANT = '?'

/** Lists of constants count as one, however many: `IN (1, 2, 3)` has the shape of `IN (1)`. */
function withoutConstants(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutConstants)
    return items.length > 1 && items.every((item) => item === CONSTANT) ? [CONSTANT] : items
  }
  if (!isTree(value)) return value
  if (value.A_Const !== undefined) return CONSTANT
  return rebuilt(value, withoutConstants)
}

function withConstants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withConstants)
  return isTree(value) ? rebuilt(value, withConstants) : value
}

function rebuilt(value: Readonly<Record<string, unknown>>, rebuild: (value: unknown) => unknown): object {
  const kept = Object.entries(value).filter(([field]) => !PLACES.has(field))
  return Object.fromEntries(kept.map(([field, inner]) => [field, rebuild(inner)]))
}

/** Whether its constants are no more than values that it reads, compares or stores. */
export function constantsAreValues(facts: SqlFacts): boolean {
  return facts.standing === 'clear' && facts.kinds.every((kind) => VALUED.has(kind)) && facts.settings.length === 0
}

/**
 * A digest of the parse tree that is equal for texts which differ in layout and constants only. Constants count where they may decide what
 * happens: in what is not clear (they may be code that a function runs), and in all that is not a query or a change of rows.
 */
export function shapeOf(statements: readonly { stmt?: unknown }[], facts: SqlFacts): string {
  const rebuild = constantsAreValues(facts) ? withoutConstants : withConstants
  const trees = statements.map(({ stmt }) => rebuild(stmt))
  return createHash('sha256').update(JSON.stringify(trees)).digest('base64url')
}
