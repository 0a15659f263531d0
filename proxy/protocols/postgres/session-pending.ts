import type { StatementOutcome } from '#lib/domain/event'
import type { StatementFacts } from '#lib/sql/statement-facts'
import type { Permit } from '#proxy/core/ports'
import type { Aftermath } from './aftermath'
import { STATE, type State } from './codec/states'
import type { OwnExchange } from './own-exchange'
import type { Portal, PreparedStatement } from './session-names'

/** One message to the target whose answer is awaited. */
export interface Pending {
  state: State
  /** Which Sync it belongs to: messages up to and including the n-th Sync are segment n. */
  segment: number
  /** Set for operations: settled once the answer has been delivered. */
  readonly permit: Permit | null
  /** What a Parse makes, what a Bind names, what Describe and Execute are about. */
  readonly statement: PreparedStatement | null
  readonly portal: Portal | null
  /** For a Close: what it closes. */
  readonly closes: { readonly kind: 'statement' | 'portal'; readonly name: string } | null
  /** For a refusal: what the client gets in place of the target's error. */
  readonly answer: Buffer | null
  /** A text that makes or drops names by SQL once it runs. */
  readonly names: { readonly text: string; readonly facts: StatementFacts } | null
  /** The portal that it executes. */
  readonly runs: Portal | null
  /** What may be different once it has run. */
  readonly aftermath: Aftermath | null
  /** The gateway's own exchange that it is a part of: its answers are not the client's. */
  readonly own: OwnExchange | null
  /** Bytes that it keeps in memory. */
  readonly weight: number
  /** Where the out stream stood when the operation was judged. */
  startedAt: number
  /** Columns that a row must have; -1: not known. */
  columns: number
  /** Rows of the statement under way. */
  rows: number
  outcomes: StatementOutcome[]
  error: { code: string; severity: string; message: string } | undefined
}

export type PendingInput = Partial<Omit<Pending, 'state' | 'segment' | 'weight' | 'permit' | keyof CommandParts>> &
  Pick<Pending, 'state' | 'segment'>

/** What only judged commands have. */
type CommandParts = Pick<Pending, 'names' | 'aftermath'>

const NONE: CommandParts = { names: null, aftermath: null }

/** A Parse keeps its statement, a Bind its portal; others refer to what these keep. */
function weigh({ state, statement, portal }: PendingInput): number {
  if (state === STATE.parse) return statement?.bytes ?? 0
  return state === STATE.bind ? (portal?.bytes ?? 0) : 0
}

/** What the target still owes, oldest first. */
export class PendingQueue {
  #items: (Pending | undefined)[] = []
  #first = 0
  #weight = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  get head(): Pending | undefined {
    return this.#items[this.#first]
  }

  /** Bytes of texts and values that the awaited answers hold in memory. */
  get weight(): number {
    return this.#weight
  }

  get state(): State {
    return this.#items[this.#first]?.state ?? STATE.idle
  }

  push(input: PendingInput, permit: Permit | null = null, more: CommandParts = NONE): Pending {
    const pending: Pending = {
      state: input.state,
      segment: input.segment,
      permit,
      statement: input.statement ?? null,
      portal: input.portal ?? null,
      closes: input.closes ?? null,
      answer: input.answer ?? null,
      names: more.names,
      runs: input.runs ?? null,
      aftermath: more.aftermath,
      own: input.own ?? null,
      weight: weigh(input),
      startedAt: 0,
      columns: -1,
      rows: 0,
      outcomes: [],
      error: undefined,
    }
    this.#items.push(pending)
    this.#weight += pending.weight
    return pending
  }

  /** Removes the Syncs right behind the head and returns how many there were. */
  takeSyncs(): number {
    let taken = 0
    while (this.#items[this.#first + 1]?.state === STATE.sync) {
      this.#items.splice(this.#first + 1, 1)
      taken++
    }
    return taken
  }

  shift(): Pending | undefined {
    const item = this.#items[this.#first]
    if (item === undefined) return undefined
    this.#items[this.#first++] = undefined
    this.#weight -= item.weight
    if (this.#first === this.#items.length) {
      this.#items.length = 0
      this.#first = 0
    } else if (this.#first > 1024 && this.#first * 2 > this.#items.length) {
      this.#items.splice(0, this.#first)
      this.#first = 0
    }
    return item
  }
}
