import type { Limits } from '#lib/domain/limits'
import type { Reading, StatementFacts } from '#lib/sql/statement-facts'
import type { TouchedNames } from '#lib/sql/touched-names'
import type { Permit } from '#proxy/core/ports'
import type { SentValue } from './codec/bind'

/** A prepared statement as the client sent it. */
export interface PreparedStatement {
  readonly name: string
  readonly text: string
  readonly encoding: 'base64' | undefined
  /** Object ids of its parameters' types, as far as the client gave them. */
  readonly types: readonly number[]
  /** What was last found of it, and by which reading. */
  found: { readonly reading: Reading; readonly facts: StatementFacts }
  /** How often code of unknown effect had run by when it was last certain that the target has this under this name. */
  certainAt: number
  /** Size of its text while it counts towards the session's limit. */
  bytes: number
  /** Where its RowDescription was delivered, from an earlier Describe. */
  layoutAt: number | undefined
}

/** A bound portal. */
export interface Portal {
  readonly name: string
  readonly statement: PreparedStatement
  /** Emptied when nothing can execute it any more. */
  values: readonly SentValue[]
  readonly formats: readonly number[]
  /** Bytes that `values` holds. */
  bytes: number
  layoutAt: number | undefined
  /** Columns of its RowDescription; -1: not described. */
  columns: number
  /** Like its statement's. */
  certainAt: number
  /** Executes under way. */
  running: number
  /** What its next Execute goes on with: the one that was suspended, or a Bind that was judged alone. */
  goesOn: Permit | null
}

interface Staged<T> {
  /** null: a Close is under way. */
  readonly made: T | null
  readonly segment: number
}

/** What a name means for a message of the current segment. `unsettled`: that is known only once an earlier segment is answered. */
type Found<T> = T | 'unsettled' | 'unknown'

/**
 * Names of one kind (statements or portals), exactly as the target sees them. A name counts once the target has confirmed it. Before, it
 * is staged: within its own segment that is as good (when it fails, all behind it is skipped), across a Sync it is not.
 */
class Namespace<T extends { readonly name: string }> {
  readonly #confirmed = new Map<string, T>()
  readonly #staged = new Map<string, Staged<T>>()

  /** `release`: nothing means this item any more. `retain`: something does after all, or still. */
  constructor(
    private readonly release: (item: T) => void,
    private readonly retain: (item: T) => void = () => undefined,
  ) {}

  /** Whether one more name than `limit` allows would exist. The unnamed one does not count. */
  fullFor(name: string, limit: number): boolean {
    if (name === '' || this.#confirmed.size + this.#staged.size < limit) return false
    const names = new Set(this.#confirmed.keys())
    for (const [staged, { made }] of this.#staged) {
      if (made === null) names.delete(staged)
      else names.add(staged)
    }
    names.delete('')
    return !names.has(name) && names.size >= limit
  }

  find(name: string, segment: number): Found<T> {
    const staged = this.#staged.get(name)
    if (staged === undefined) return this.#confirmed.get(name) ?? 'unknown'
    if (staged.segment !== segment) return 'unsettled'
    return staged.made ?? 'unknown'
  }

  /** What the target has confirmed under this name, unless something newer is under way. */
  confirmed(name: string): T | undefined {
    return this.#staged.has(name) ? undefined : this.#confirmed.get(name)
  }

  /** Everything that the target has confirmed. */
  all(): Iterable<T> {
    return this.#confirmed.values()
  }

  stage(name: string, made: T | null, segment: number): void {
    const before = this.#staged.get(name)?.made
    if (before) this.release(before)
    this.#staged.set(name, { made, segment })
  }

  confirm(item: T): void {
    const before = this.#confirmed.get(item.name)
    if (before !== undefined && before !== item) this.release(before)
    this.#confirmed.set(item.name, item)
    // It may have been given up for a later one of its name, which may yet fail.
    this.retain(item)
    if (this.#staged.get(item.name)?.made === item) this.#staged.delete(item.name)
  }

  confirmClosed(name: string): void {
    const before = this.#confirmed.get(name)
    if (before !== undefined) this.release(before)
    this.#confirmed.delete(name)
    if (this.#staged.get(name)?.made === null) this.#staged.delete(name)
  }

  /** Forgets what was staged in `segment`: the target skips it. */
  drop(segment: number): void {
    for (const [name, staged] of this.#staged) {
      if (staged.segment !== segment) continue
      if (staged.made) this.release(staged.made)
      this.#staged.delete(name)
    }
  }

  /** SQL made or dropped these: what they mean now is not known here. */
  forget(names: readonly string[] | 'all'): void {
    if (names === 'all') {
      this.clear()
      return
    }
    for (const name of names) this.confirmClosed(Buffer.from(name, 'utf8').toString('latin1'))
  }

  /** Forgets everything confirmed. */
  clear(): void {
    for (const item of this.#confirmed.values()) this.release(item)
    this.#confirmed.clear()
  }
}

/** Prepared statements and portals of one session. */
export class Names {
  readonly statements: Namespace<PreparedStatement>
  readonly portals: Namespace<Portal>
  #statementBytes = 0
  #portalBytes = 0

  constructor(private readonly limits: Limits) {
    this.statements = new Namespace(
      (statement) => {
        this.#statementBytes -= statement.bytes
        statement.bytes = 0
      },
      (statement) => {
        this.#statementBytes += statement.text.length - statement.bytes
        statement.bytes = statement.text.length
      },
    )
    this.portals = new Namespace((portal) => {
      this.#portalBytes -= portal.bytes
      portal.bytes = 0
      portal.values = []
    })
  }

  /** The limit that another statement of this name and size would exceed; null when there is room. */
  fullOfStatements(name: string, bytes: number): string | null {
    if (this.statements.fullFor(name, this.limits.preparedStatements)) {
      return `A session may have ${this.limits.preparedStatements} prepared statements`
    }
    if (this.#statementBytes + bytes <= this.limits.messageBytes) return null
    return `The prepared statements of a session may have ${this.limits.messageBytes} bytes`
  }

  /** Same for portals: their number, and the bytes of the values they hold. */
  fullOfPortals(name: string, bytes: number): string | null {
    if (this.portals.fullFor(name, this.limits.portals)) {
      return `A session may have ${this.limits.portals} portals`
    }
    if (this.#portalBytes + bytes > this.limits.messageBytes * 2)
      return 'The portals of this session hold too many bytes'
    return null
  }

  stageStatement(statement: PreparedStatement, segment: number): void {
    this.#statementBytes += statement.bytes
    this.statements.stage(statement.name, statement, segment)
  }

  stagePortal(portal: Portal, segment: number): void {
    this.#portalBytes += portal.bytes
    this.portals.stage(portal.name, portal, segment)
  }

  /** Whether code may have changed what the target has under a name, of which that is not known since. */
  doubtful(codeRuns: number): boolean {
    for (const { name, certainAt } of this.statements.all()) if (name !== '' && certainAt !== codeRuns) return true
    return false
  }

  /** What the target has under which name (name and text a row): what differs is forgotten, the rest is certain. */
  compare(rows: readonly (readonly (string | null)[])[], codeRuns: number): void {
    const texts = new Map(rows.map(([name, text]) => [name, text]))
    for (const statement of [...this.statements.all()]) {
      const { name, text, encoding } = statement
      if (name === '') continue
      const ours = encoding === undefined ? text : Buffer.from(text, encoding).toString('utf8')
      if (texts.get(Buffer.from(name, 'latin1').toString('utf8')) === ours) statement.certainAt = codeRuns
      else this.statements.confirmClosed(name)
    }
  }

  forget(touched: TouchedNames): void {
    this.statements.forget(touched.statements)
    this.portals.forget(touched.portals)
  }

  drop(segment: number): void {
    this.statements.drop(segment)
    this.portals.drop(segment)
  }
}
