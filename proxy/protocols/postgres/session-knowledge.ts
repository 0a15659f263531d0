import type { SessionState as Meaning } from '#lib/domain/review'
import type { KnownRelations } from '#lib/policy/name-space'
import type { Catalog } from '#lib/sql/catalog'
import type { Reading } from '#lib/sql/statement-facts'
import type { Aftermath } from './aftermath'
import type { TransactionStatus } from './codec/backend'
import { schemasOf } from './search-path'
import type { SharedCatalog } from './shared-catalog'

const UNKNOWN: Meaning = { searchPath: null, role: null, sessionRole: null }

/** What the target answered about its session. */
export interface LearnedState {
  readonly searchPath: string
  readonly role: string
}

type Doubt = 'texts' | 'state' | 'code' | 'names'
const DOUBTS: readonly Doubt[] = ['texts', 'state', 'code', 'names']

/**
 * What gives the texts of one session their meaning, as far as it is known at this moment: settings that say how they are read, search
 * path and roles, and what names mean. Whatever was sent and may change it puts it in doubt until it is answered.
 */
export class Knowledge {
  /** Counts up whenever code ran that may have prepared or declared something under any name. */
  codeRuns = 0
  readonly #parameters: ReadonlyMap<string, string>
  readonly #shared: SharedCatalog
  readonly #underWay: Record<Doubt, number> = { texts: 0, state: 0, code: 0, names: 0 }
  /** Settings were touched in the transaction that is open: its end may take that back. */
  #touched = false
  /** Names were changed in the transaction that is open: nobody else sees that yet. */
  #uncommitted = false
  #state: Meaning | null = null
  #searchPath: string | null = null
  #newest: { readonly of: Reading; readonly as: Reading } | null = null
  #reading: Reading = { catalog: null, strings: 'unsettled', encoding: 'unsettled' }

  constructor(parameters: ReadonlyMap<string, string>, shared: SharedCatalog) {
    this.#parameters = parameters
    this.#shared = shared
  }

  /** One object for as long as nothing of it changes. */
  get reading(): Reading {
    const settled = this.#underWay.texts === 0
    const strings = settled && this.#parameters.get('standard_conforming_strings') === 'on' ? 'standard' : 'unsettled'
    const encoding = settled && this.#parameters.get('client_encoding') === 'UTF8' ? 'utf8' : 'unsettled'
    const catalog = this.#uncommitted ? null : this.#shared.catalog
    const last = this.#reading
    if (last.catalog !== catalog || last.strings !== strings || last.encoding !== encoding) {
      this.#reading = { catalog, strings, encoding }
    }
    return this.#reading
  }

  /** The same, where a relation that the snapshot has not is one that is not there: for a snapshot that is new. */
  get newest(): Reading {
    const { reading } = this
    if (reading.catalog === null) return reading
    if (this.#newest?.of !== reading)
      this.#newest = { of: reading, as: { ...reading, catalog: complete(reading.catalog) } }
    return this.#newest.as
  }

  /** Relations that the target has; null: not known. */
  get relations(): KnownRelations | null {
    return this.reading.catalog
  }

  /** Search path and roles; all null where something under way may change them. */
  get state(): Meaning {
    return (this.#underWay.state === 0 && this.#state) || UNKNOWN
  }

  /** The setting as the target has it; null when that is not known. */
  get searchPath(): string | null {
    return this.#underWay.state === 0 && this.#state !== null ? this.#searchPath : null
  }

  /** Search path and roles are to be asked for: something may have changed them, or is about to. */
  get mustLearn(): boolean {
    return this.#state === null || this.#underWay.state > 0
  }

  /** What was changed in the open transaction is seen by this session only. */
  get uncommitted(): boolean {
    return this.#uncommitted
  }

  /** null: the target did not say. It is asked again once something may have changed. */
  learned(state: LearnedState | null): void {
    this.#state = UNKNOWN
    this.#searchPath = null
    const sessionRole = this.#parameters.get('session_authorization')
    if (state === null || sessionRole === undefined) return
    const role = state.role === 'none' ? sessionRole : state.role
    this.#state = { searchPath: schemasOf(state.searchPath, role), role, sessionRole }
    this.#searchPath = state.searchPath
  }

  /** It is on its way. Returns what `settled` is to be told: what ends a transaction takes back what was set in it. */
  sent(aftermath: Aftermath): Aftermath {
    const whole = aftermath.ends && this.#touched ? { ...aftermath, texts: true, state: true } : aftermath
    for (const doubt of DOUBTS) if (whole[doubt]) this.#underWay[doubt]++
    if (whole.texts || whole.state) this.#touched = true
    if (!whole.names) return whole
    this.#uncommitted = true
    if (this.#underWay.names === 1) this.#shared.begun()
    return whole
  }

  /** It ran, or failed, or never will. */
  settled(aftermath: Aftermath): void {
    for (const doubt of DOUBTS) if (aftermath[doubt]) this.#underWay[doubt]--
    if (aftermath.state) this.#state = null
    if (aftermath.code) this.codeRuns++
    if (aftermath.rows) this.#shared.changed('rows')
    if (aftermath.names && this.#underWay.names === 0) this.#shared.settled()
  }

  /** The target is ready for the next command. */
  ready(status: TransactionStatus): void {
    if (status !== 'I') return
    if (this.#touched) this.#state = null
    this.#touched = this.#underWay.state + this.#underWay.texts > 0
    if (this.#uncommitted) this.#shared.changed('names')
    this.#uncommitted = this.#underWay.names > 0
  }

  /** The session is over, whatever was under way. */
  close(): void {
    if (this.#underWay.names > 0) this.#shared.settled()
    if (this.#uncommitted) this.#shared.changed('names')
    this.#shared.close()
  }
}

/** What is missing is not there, or a table that was made a moment ago: nothing that runs code. */
function complete(catalog: Catalog): Catalog {
  const { meanings, version, size } = catalog
  return {
    size,
    version: `${version} complete`,
    schemasOf: (relation) => catalog.schemasOf(relation),
    meanings: {
      relation: (name, scope) => meanings.relation(name, scope) ?? [],
      call: (name, scope) => meanings.call(name, scope),
      callOfOne: (name) => meanings.callOfOne(name),
      operator: (name, scope) => meanings.operator(name, scope),
      type: (name, scope) => meanings.type(name, scope),
      definition: (name, scope) => meanings.definition(name, scope),
      everywhere: meanings.everywhere,
      callUnsettles: (name, scope) => meanings.callUnsettles(name, scope),
      writingUnsettles: (name, scope) => meanings.writingUnsettles(name, scope),
      eventTriggers: meanings.eventTriggers,
    },
  }
}
