import type { StatementKind } from '#lib/domain/sql-facts'
import type { StatementFacts } from '#lib/sql/statement-facts'

/** What may be different once a statement has run: each a reason to look again at what is known. */
export interface Aftermath {
  /** How the target reads texts. */
  readonly texts: boolean
  /** Search path and roles. */
  readonly state: boolean
  /** What names mean: there may be other views, functions, operators, types. */
  readonly names: boolean
  /** Rows changed, and with them whatever triggers did. */
  readonly rows: boolean
  /** Code ran that may do anything, also to prepared statements and cursors. */
  readonly code: boolean
  /** A transaction or a part of one ends, and with it what was set inside it. */
  readonly ends: boolean
}

const TEXTS = new Set(['client_encoding', 'standard_conforming_strings'])
const STATE = new Set(['search_path', 'role', 'session_authorization'])

/** After these no name means anything that it did not mean before. */
const HARMLESS: ReadonlySet<StatementKind> = new Set<StatementKind>([
  ...([
    'select',
    'insert',
    'update',
    'delete',
    'merge',
    'truncate',
    'copy-in',
    'copy-out',
    'prepare',
    'execute',
  ] as const),
  ...([
    'deallocate',
    'cursor',
    'explain',
    'explain-analyze',
    'begin',
    'commit',
    'rollback',
    'savepoint',
    'set',
  ] as const),
  ...(['show', 'reset', 'lock', 'listen', 'notify', 'vacuum', 'analyze', 'reindex', 'cluster', 'checkpoint'] as const),
  ...(['select-for-update', 'comment', 'grant', 'revoke', 'copy-file', 'copy-program', 'discard'] as const),
  // What these make or alter beside has a kind and an object of its own.
  ...(['security', 'system', 'replication'] as const),
])

/** Objects of which a new one is nothing but a place for rows: it runs no code, whatever it is called. */
const PLACES = new Set(['table', 'index', 'sequence', 'schema'])
const MAKES_PLACES: ReadonlySet<StatementKind> = new Set<StatementKind>([...HARMLESS, 'create', 'select-into'])

const ENDS: ReadonlySet<StatementKind> = new Set<StatementKind>(['commit', 'rollback', 'savepoint'])

const known = new WeakMap<StatementFacts, Aftermath | null>()

/** null: nothing that is known changes, which is nearly always. */
export function aftermathOf(facts: StatementFacts): Aftermath | null {
  let aftermath = known.get(facts)
  if (aftermath === undefined) {
    aftermath = work(facts)
    known.set(facts, aftermath)
  }
  return aftermath
}

function work({ facts, effect, unsettles }: StatementFacts): Aftermath | null {
  const code = unsettles || facts.standing !== 'clear'
  const any = unsettles || facts.settings.includes('*')
  const aftermath: Aftermath = {
    texts: any || facts.settings.some((name) => TEXTS.has(name)),
    state: any || facts.settings.some((name) => STATE.has(name)),
    names: unsettles || changesNames(facts),
    rows: effect === 'write' && !facts.readOnly,
    code,
    ends: code || facts.kinds.some((kind) => ENDS.has(kind)),
  }
  return Object.values(aftermath).some(Boolean) ? aftermath : null
}

function changesNames({ kinds, objects, readOnly }: StatementFacts['facts']): boolean {
  // A prepared transaction may have made anything.
  if (kinds.includes('commit') && !readOnly) return true
  if (kinds.every((kind) => HARMLESS.has(kind))) return false
  return !(kinds.every((kind) => MAKES_PLACES.has(kind)) && objects.every((object) => PLACES.has(object)))
}
