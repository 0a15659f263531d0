/**
 * Which prepared statements and cursors a text makes or drops by SQL. They share their names with those of the wire protocol, so what
 * a name meant there is no longer known afterwards. Code that runs inside a function is not seen.
 */
export interface TouchedNames {
  readonly statements: readonly string[] | 'all'
  readonly portals: readonly string[] | 'all'
}

const EVERYTHING: TouchedNames = { statements: 'all', portals: 'all' }
const SUSPICIOUS = /prepare|deallocate|discard|declare|close/i

type Tree = Readonly<Record<string, unknown>>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without a name, such as in DEALLOCATE ALL, it is every name. */
const named = (name: unknown): readonly string[] | 'all' => (typeof name === 'string' ? [name] : 'all')

function touchedBy(statement: unknown): TouchedNames | null {
  if (!isTree(statement)) return null
  const { PrepareStmt, DeallocateStmt, DiscardStmt, DeclareCursorStmt, ClosePortalStmt } = statement
  if (isTree(DiscardStmt)) return EVERYTHING
  const prepared = PrepareStmt ?? DeallocateStmt
  if (isTree(prepared)) return { statements: named(prepared.name), portals: [] }
  const cursor = DeclareCursorStmt ?? ClosePortalStmt
  if (isTree(cursor)) return { statements: [], portals: named(cursor.portalname) }
  return null
}

const join = (a: readonly string[] | 'all', b: readonly string[] | 'all') =>
  a === 'all' || b === 'all' ? 'all' : [...a, ...b]

/** What the statements of a parse result touch; null when nothing, which is nearly always. */
export function touchedNames(statements: readonly { stmt?: unknown }[]): TouchedNames | null {
  let all: TouchedNames | null = null
  for (const { stmt } of statements) {
    const one = touchedBy(stmt)
    if (one === null) continue
    all =
      all === null ? one : { statements: join(all.statements, one.statements), portals: join(all.portals, one.portals) }
  }
  return all
}

/** The same for a text that was not understood: everything, if it has a word that could. */
export function possiblyTouchedNames(text: string): TouchedNames | null {
  return SUSPICIOUS.test(text) ? EVERYTHING : null
}
