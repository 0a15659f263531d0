import type { StatementKind } from '../domain/sql-facts'
import type { Findings } from './analysis/findings'
import { type Name, printName } from './analysis/names'
import type { Doubts, Meanings, NameScope } from './catalog'
import { knownEffect } from './harmless/known-effects'
import { SERVER_CALLS_OF_ONE } from './harmless/server-calls'
import { SERVER_FUNCTIONS } from './harmless/server-functions'
import {
  INFORMATION_SCHEMA_FUNCTIONS,
  INFORMATION_SCHEMA_TYPES,
  SERVER_OPERATORS,
  SERVER_TYPES,
} from './harmless/server-names'
import { INFORMATION_SCHEMA_RELATIONS, SERVER_RELATIONS } from './harmless/server-relations'

const SERVER_SCHEMAS = new Set(['pg_catalog', 'pg_toast', 'information_schema'])
/** Without a schema the server looks into its own first, where all names start alike. */
const isServers = ({ schema, name }: Name): boolean =>
  schema === null ? name.startsWith('pg_') : SERVER_SCHEMAS.has(schema)

const HARMLESS: Doubts = []

/** What the server itself has under a name: harmless, or nothing that is known to be. */
function among(name: Name, own: ReadonlySet<string>, standard: ReadonlySet<string>): boolean {
  if (name.schema === null || name.schema === 'pg_catalog') return own.has(name.name)
  return name.schema === 'information_schema' && standard.has(name.name)
}

const NONE: ReadonlySet<string> = new Set()
const RUNS_EVENT_TRIGGERS: ReadonlySet<StatementKind> = new Set<StatementKind>([
  ...(['create', 'alter', 'drop', 'comment', 'grant', 'revoke', 'select-into'] as const),
  ...(['refresh', 'reindex', 'security', 'system', 'other'] as const),
])

/** The server's own methods of TABLESAMPLE: functions, which no expression can call. */
const SAMPLING: ReadonlySet<string> = new Set(['bernoulli', 'system'])

/** What the names of a text mean, beside what the text alone says. `meanings`: null where that is not known. */
export class Resolution {
  /** Why it is not clear. */
  readonly because: Set<string>
  readonly kinds: Set<StatementKind>
  readonly unknownFunctions: Name[] = []
  readonly unknownRelations: Name[] = []
  changes: boolean
  /** It may change what names mean, or what the session has set, beyond what its text says. */
  unsettles: boolean

  constructor(
    private readonly found: Findings,
    private readonly meanings: Meanings | null,
    private readonly scope: NameScope,
  ) {
    this.because = new Set(found.opaque)
    this.kinds = new Set(found.kinds)
    this.changes = found.changes
    this.unsettles = found.opaque.size + found.runsStatements.size + found.runsCursors.size > 0
    this.#resolve()
  }

  get readOnly(): boolean {
    return this.because.size === 0 && !this.changes
  }

  #resolve(): void {
    const { found, meanings } = this
    for (const name of found.calls.values()) this.#call(name)
    for (const name of found.operators.values()) {
      const own = among(name, SERVER_OPERATORS, NONE)
      if (this.#weigh(`operator ${printName(name)}`, name, own, meanings?.operator(name, this.scope)))
        this.unsettles = true
    }
    for (const name of found.types.values()) {
      const own = among(name, SERVER_TYPES, INFORMATION_SCHEMA_TYPES)
      if (this.#weigh(`type ${printName(name)}`, name, own, meanings?.type(name, this.scope))) this.unsettles = true
    }
    for (const name of found.reads.values()) this.#relation(name)
    for (const name of found.writes.values()) this.#written(name)
    for (const name of found.refreshed.values()) this.#definition(name)
    for (const name of found.attributes) this.#attribute(name)
    for (const name of found.runsStatements) this.because.add(`prepared statement ${name} is run`)
    for (const name of found.runsCursors) this.because.add(`cursor ${name} is run`)
    const named = found.calls.size + found.operators.size + found.types.size + found.reads.size
    if (named > 0) this.#doubt(meanings?.everywhere ?? HARMLESS)
    if (meanings?.eventTriggers && [...this.kinds].some((kind) => RUNS_EVENT_TRIGGERS.has(kind))) this.unsettles = true
  }

  #doubt(doubts: Doubts): void {
    for (const doubt of doubts) this.because.add(doubt)
    if (doubts.length > 0) this.unsettles = true
  }

  /** Something that the server has itself, or somebody made, or both; undefined doubts: that is not known. True: it is not clear. */
  #weigh(what: string, name: Name, own: boolean, doubts: Doubts | null | undefined): boolean {
    for (const doubt of doubts ?? HARMLESS) this.because.add(doubt)
    const settled = doubts !== undefined || name.schema === 'pg_catalog'
    const found = own || (doubts ?? null) !== null
    if (!settled) this.because.add(`what ${what} is cannot be known without the catalog`)
    else if (!found) this.because.add(`${what} is not known`)
    return !settled || !found || (doubts?.length ?? 0) > 0
  }

  #call(name: Name): void {
    const doubts = this.meanings?.call(name, this.scope)
    const own =
      among(name, SERVER_FUNCTIONS, INFORMATION_SCHEMA_FUNCTIONS) ||
      among(name, SERVER_TYPES, INFORMATION_SCHEMA_TYPES) ||
      among(name, SAMPLING, NONE)
    const ofServer = name.schema === null || name.schema === 'pg_catalog'
    const effect = own || !ofServer ? null : knownEffect(name.name)
    if (effect?.kind) this.kinds.add(effect.kind)
    // What a setting is set to decides whether that changes anything, and was found with the arguments.
    if (effect && effect.kind !== 'set') this.changes = true
    const known = own || effect !== null || (doubts ?? null) !== null
    if (!known || (doubts?.length ?? 0) > 0) this.unknownFunctions.push(name)
    const unclear = this.#weigh(`function ${printName(name)}`, name, own || effect !== null, doubts)
    const isQuiet = doubts != null && this.meanings?.callUnsettles(name, this.scope) === false
    if (unclear && !isQuiet) this.unsettles = true
  }

  #relation(name: Name): void {
    const what = `relation ${printName(name)}`
    const doubts = this.meanings?.relation(name, this.scope)
    if (!among(name, SERVER_RELATIONS, INFORMATION_SCHEMA_RELATIONS) && doubts === null)
      this.unknownRelations.push(name)
    const own = among(name, SERVER_RELATIONS, INFORMATION_SCHEMA_RELATIONS)
    if (this.#weigh(what, name, own, doubts)) this.unsettles = true
  }

  #written(name: Name): void {
    if (isServers(name)) this.#serverRelation(name)
    if (this.meanings?.writingUnsettles(name, this.scope) !== false) this.unsettles = true
  }

  /** Whoever writes there needs no GRANT and no SET: names, roles and settings may all be other ones afterwards. */
  #serverRelation(name: Name): void {
    this.kinds.add('system')
    this.#doubt([`${printName(name)} is the server’s own, and what it says may change everything`])
  }

  #definition(name: Name): void {
    const doubts = this.meanings?.definition(name, this.scope)
    this.#doubt(doubts ?? [`the definition of ${printName(name)} is run, and not known`])
  }

  /** `t.name` may call a function of one argument that has this name. */
  #attribute(name: string): void {
    if (SERVER_CALLS_OF_ONE.has(name)) this.#doubt([`.${name} may be a call of that function`])
    this.#doubt((this.meanings?.callOfOne(name) ?? HARMLESS).map((doubt) => `.${name} may be a call: ${doubt}`))
  }
}
