import type { Writable } from 'node:stream'
import type { Denial } from '#lib/domain/denial'
import type { EndReason } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import type { Gate, HoldNotice, Operation, Permit, Ruling, Settlement } from '#proxy/core/ports'

type Held = (notice: HoldNotice) => void

/** One settled operation, with what the client had been delivered for it. */
export interface Settled extends Settlement {
  readonly op: number
  /** Types of the messages delivered since the settlement before. */
  readonly out: string
}

/** A gate without a record: passes on at once, and remembers in order what it was asked. */
export class FakeGate implements Gate {
  readonly sessionId = 'ses_00000000000000000000' as SessionId
  readonly opening = { op: 0 } as Permit
  readonly decided: Operation[] = []
  readonly settled: Settled[] = []
  /** The gateway's own operations, which are in none of the lists above, and how they were settled. */
  readonly owned: Operation[] = []
  readonly ownSettled: Settlement[] = []
  /** `decide 1`, `dispatch 1`, `deliver T`, `settle 1`, … in the order of the calls. */
  readonly calls: string[] = []
  outOffset = 0
  ending: Gate['ending'] = null
  /** Judges; may be replaced by the test. */
  rule: (operation: Operation, held?: Held) => Denial | null | Promise<Denial | null> = () => null
  /** When set, `deliver` makes the reader wait for it. */
  room: Promise<void> | undefined
  readonly #abort = new AbortController()
  #out = ''

  constructor(
    private readonly toTarget: Writable,
    private readonly toClient: Writable,
  ) {}

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  end(reason: EndReason, denial: Denial): void {
    this.ending = { reason, denial }
    this.#abort.abort()
  }

  decide(operation: Operation, held?: Held): Ruling | Promise<Ruling> {
    this.decided.push(operation)
    const op = this.decided.length
    this.calls.push(`decide ${op}`)
    const ruling = (denial: Denial | null): Ruling =>
      denial === null ? { effect: 'allow', permit: { op } as Permit } : { effect: 'deny', denial }
    const denial = this.rule(operation, held)
    return denial instanceof Promise ? denial.then(ruling) : ruling(denial)
  }

  withdraw(reason: string): void {
    this.calls.push(`withdraw ${reason}`)
  }

  allows(operation: Operation): boolean {
    return this.rule(operation) === null
  }

  own(operation: Operation): Permit | null {
    if (this.ending !== null) return null
    this.owned.push(operation)
    return { op: -this.owned.length } as Permit
  }

  recorded(): Promise<void> {
    return Promise.resolve()
  }

  dispatch(permits: readonly Permit[], bytes: Uint8Array): Promise<void> | undefined {
    const ops = permits.map(({ op }) => op).filter((op) => op >= 0)
    if (ops.length > 0) this.calls.push(`dispatch ${ops.join(' ')}`)
    this.toTarget.write(Buffer.from(bytes))
    return undefined
  }

  stream(permit: Permit, bytes: Uint8Array): Promise<void> | undefined {
    if (this.settled.some((settled) => settled.op === permit.op)) throw new Error('the operation was settled already')
    this.calls.push(`stream ${permit.op}`)
    this.toTarget.write(Buffer.from(bytes))
    return undefined
  }

  deliver(bytes: Uint8Array): Promise<void> | undefined {
    const types = typesIn(Buffer.from(bytes))
    this.calls.push(`deliver ${types}`)
    this.#out += types
    this.outOffset += bytes.length
    this.toClient.write(Buffer.from(bytes))
    return this.room
  }

  settle(permit: Permit, settlement: Settlement): void {
    if (permit.op < 0) {
      this.ownSettled.push(settlement)
      return
    }
    if (this.settled.some((settled) => settled.op === permit.op)) throw new Error('the operation was settled already')
    this.calls.push(`settle ${permit.op}`)
    this.settled.push({ ...settlement, op: permit.op, out: this.#out })
    this.#out = ''
  }

  farewell(bytes: Uint8Array): void {
    if (this.ending === null) return
    this.calls.push('farewell')
    this.toClient.write(Buffer.from(bytes))
  }
}

/** The types of the messages in `bytes`, as far as they begin there. */
function typesIn(bytes: Buffer): string {
  let types = ''
  for (let at = 0; at + 5 <= bytes.length; at += bytes.readInt32BE(at + 1) + 1)
    types += bytes.toString('latin1', at, at + 1)
  return types
}
