import type { Limits } from '#lib/domain/limits'
import type { StatementFacts } from '#lib/sql/statement-facts'
import { anyDefined } from './defined-types'
import type { Names, PreparedStatement } from './session-names'

type Kind = 'statements' | 'cursors'

/**
 * What SQL prepared and declared in this session, by name: EXECUTE and FETCH are judged by what they run. Only what is certain is
 * kept; after code that may have done anything, nothing is.
 */
export class SqlNames {
  readonly #statements = new Map<string, string>()
  readonly #cursors = new Map<string, string>()
  #characters = 0

  constructor(
    private readonly names: Names,
    private readonly limits: Limits,
  ) {}

  /** A text ran that makes or drops names. Where it failed, nobody knows how far it came. */
  ran(text: string, { touches, facts }: StatementFacts, outcome: 'ok' | 'failed'): void {
    if (touches === null) return
    const certain = outcome === 'ok' && facts.standing === 'clear'
    this.#touch('statements', touches.statements, certain && facts.kinds.includes('prepare') ? text : null)
    this.#touch('cursors', touches.portals, certain && facts.kinds.includes('cursor') ? text : null)
  }

  /** The protocol made or closed something of this name. */
  forget(kind: 'statement' | 'portal', name: string): void {
    if (this.#characters > 0)
      this.#drop(kind === 'statement' ? 'statements' : 'cursors', Buffer.from(name, 'latin1').toString('utf8'))
  }

  forgetAll(): void {
    this.#statements.clear()
    this.#cursors.clear()
    this.#characters = 0
  }

  /** `text`, with what makes the names that it runs in front; null where that is not known. */
  spelledOut(text: string, runs: NonNullable<StatementFacts['runs']>): string | null {
    const made = [
      ...runs.statements.map((name) => this.#statements.get(name) ?? this.#prepared(name)),
      ...runs.cursors.map((name) => this.#cursors.get(name) ?? this.#bound(name)),
    ]
    return made.includes(null) ? null : [...new Set(made), text].join('\n;\n')
  }

  #touch(kind: Kind, touched: readonly string[] | 'all', text: string | null): void {
    if (touched === 'all') {
      for (const name of this.#map(kind).keys()) this.#drop(kind, name)
      return
    }
    for (const name of touched) {
      this.#drop(kind, name)
      if (text !== null) this.#keep(kind, name, text)
    }
  }

  #keep(kind: Kind, name: string, text: string): void {
    const full = this.#map(kind).size >= this.limits.preparedStatements
    if (full || this.#characters + text.length > this.limits.messageBytes) return
    this.#map(kind).set(name, text)
    this.#characters += text.length
  }

  #drop(kind: Kind, name: string): void {
    const map = this.#map(kind)
    this.#characters -= map.get(name)?.length ?? 0
    map.delete(name)
  }

  #map(kind: Kind): Map<string, string> {
    return kind === 'statements' ? this.#statements : this.#cursors
  }

  /** What the protocol prepared, as SQL would. */
  #prepared(name: string): string | null {
    const found = this.names.statements.confirmed(latin1(name))
    if (found === undefined || !sayable(found)) return null
    return `PREPARE ${quoted(name)} AS ${found.text}`
  }

  #bound(name: string): string | null {
    const found = this.names.portals.confirmed(latin1(name))
    if (found === undefined || !sayable(found.statement)) return null
    return `DECLARE ${quoted(name)} CURSOR FOR ${found.statement.text}`
  }
}

/** Whether its text says all that it is. */
const sayable = ({ encoding, types }: PreparedStatement): boolean => encoding === undefined && !anyDefined(types)

const latin1 = (name: string): string => Buffer.from(name, 'utf8').toString('latin1')
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
