import type { Denial } from '#lib/domain/denial'
import { SallyportError } from '#lib/domain/errors'
import type { EndReason, OperationStatus } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import type { CloseReason } from '#lib/domain/review'
import type { GateHost, Waiter } from './gate-host'
import { OperationLog } from './gate-operations'
import {
  CLIENT_BUDGET_BYTES,
  ClientOutlet,
  type ClientWriter,
  UPSTREAM_BUDGET_BYTES,
  UpstreamOutlet,
} from './gate-outlets'
import { OperationPermit, permitOf } from './gate-permit'
import { SessionRecord } from './gate-record'
import { makeRoom, type Room } from './gate-room'
import { Rulings } from './gate-rulings'
import type { SessionHold } from './hold-ports'
import type {
  Decide,
  Durability,
  Gate,
  HoldNotice,
  Operation,
  Permit,
  Ruling,
  SessionHeader,
  Settlement,
  UpstreamWriter,
} from './ports'

const FAREWELL_BYTES = 4 * 1024

export interface GateOptions {
  readonly header: SessionHeader
  readonly host: GateHost
  readonly client: ClientWriter
  readonly decide: Decide
  readonly hold: SessionHold | null
  readonly strict: boolean
  readonly recordingBytes: number
}

/** The gate of one session. See `Gate` for the contract, `SessionRecord` for how it is recorded. */
export class SessionGate implements Gate, Waiter {
  readonly sessionId: SessionId
  readonly opening: Permit
  readonly record: SessionRecord
  readonly client: ClientOutlet
  readonly upstream: UpstreamOutlet
  readonly #log: OperationLog
  readonly #rulings: Rulings
  readonly #host: GateHost
  readonly #abort = new AbortController()
  #ending: Gate['ending'] = null
  #clientRoom: Room | null = null
  #upstreamRoom: Room | null = null
  #farewell = FAREWELL_BYTES
  #lastAtMs: number
  /** The session's end is being recorded: nothing new is taken. */
  #closing = false
  /** The record has ended, or cannot go on: nothing is recorded, sent or delivered any more. */
  #shut = false

  constructor(options: GateOptions) {
    this.#host = options.host
    this.sessionId = options.header.session
    this.#lastAtMs = options.host.clock.monotonicMs()
    const opening = new OperationPermit(this, 0, 'appended', 0)
    opening.block = 0
    this.opening = opening.asPermit()
    this.record = new SessionRecord(options.host, options.header.session, options.recordingBytes, () =>
      this.fail('The recording cannot be written.'),
    )
    this.#log = new OperationLog(this.record, options.host.clock)
    this.#rulings = new Rulings({ ...options, gate: this, record: this.record, log: this.#log })
    this.client = new ClientOutlet(options.client, () => this.wake())
    this.upstream = new UpstreamOutlet(() => this.wake())
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get ending(): Gate['ending'] {
    return this.#ending
  }

  get outOffset(): number {
    return this.record.out.offset
  }

  get operations(): number {
    return this.#rulings.operations
  }

  /** Whether an operation is under way (one that waits for people is not), and when something last happened (monotonic ms). */
  activity(): { readonly running: boolean; readonly lastAtMs: number } {
    const { waiting, open } = this.#rulings
    if (!waiting) return { running: open.size > 0, lastAtMs: this.#lastAtMs }
    return { running: open.size > 1, lastAtMs: this.#host.clock.monotonicMs() }
  }

  decide(operation: Operation, held?: (notice: HoldNotice) => void): Ruling | Promise<Ruling> {
    return this.#rulings.decide(operation, held)
  }

  withdraw(why: CloseReason): void {
    this.#rulings.abandon(why)
  }

  allows(operation: Operation): boolean {
    return this.#rulings.allows(operation)
  }

  own(operation: Operation): Permit | null {
    return this.#rulings.own(operation)?.asPermit() ?? null
  }

  async recorded(permit: Permit): Promise<void> {
    const operation = permitOf(this, permit)
    if (operation.block > 0) await this.record.whenSafe(operation.durability === 'committed' ? 'strict' : 'standard')
    if (this.stopped) throw new SallyportError('unavailable', 'The session has ended.')
    operation.sent = true
  }

  dispatch(permits: readonly Permit[], bytes: Uint8Array): Promise<void> | undefined {
    if (permits.length === 0) throw new TypeError('dispatch needs a permit')
    const operations = permits.map((permit) => permitOf(this, permit))
    this.touch()
    if (this.stopped) return undefined
    this.record.inOrder(() => this.#queue(operations, bytes))
    return this.#upstreamWait()
  }

  stream(permit: Permit, bytes: Uint8Array): Promise<void> | undefined {
    const operation = permitOf(this, permit)
    this.touch()
    if (this.stopped) return undefined
    this.record.bytes('in', bytes, () => {
      const block = this.record.lastBlock
      if (!this.#shut) this.#push({ bytes, block, durability: operation.durability, operations: [operation] })
    })
    return this.#upstreamWait()
  }

  #queue(operations: readonly OperationPermit[], bytes: Uint8Array): void {
    if (this.#shut) return
    let block = 0
    let durability: Durability = 'appended'
    for (const operation of operations) {
      block = Math.max(block, operation.block)
      if (operation.durability !== 'appended') durability = operation.durability
    }
    this.#push({ bytes, block, durability, operations })
  }

  #push(release: Parameters<UpstreamOutlet['push']>[0]): void {
    this.upstream.push(release)
    if (release.durability === 'synced') this.#host.spool.sync.want(release.block)
    else if (release.durability === 'committed') this.#host.hurry()
    if (this.release()) this.#host.await(this)
  }

  deliver(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#shut || this.#closing || bytes.length === 0) return undefined
    this.touch()
    this.record.bytes('out', bytes, () => {
      if (this.#shut) return
      this.client.hold(bytes)
      this.#host.await(this)
    })
    const load = this.client.load + this.record.laneBytes
    if (load <= CLIENT_BUDGET_BYTES && !this.#host.congested) return undefined
    if (this.#host.congested) this.#host.awaitRoom(this)
    this.#clientRoom ??= makeRoom()
    return this.#clientRoom.promise
  }

  settle(permit: Permit, settlement: Settlement): void {
    const operation = permitOf(this, permit)
    if (this.#shut || this.#closing) return
    this.#rulings.close(operation)
    this.#log.outcome(operation, settlement, this.touch())
  }

  farewell(bytes: Uint8Array): void {
    if (this.#ending === null || bytes.length > this.#farewell) return
    this.#farewell -= bytes.length
    if (this.#shut) this.client.write(bytes)
    else void this.deliver(bytes)
  }

  attach(writer: UpstreamWriter): void {
    this.upstream.attach(writer)
    if (this.release()) this.#host.await(this)
  }

  /** Called at the end of a turn, when everything held for the client is in the spool, and when something became safer. */
  release(): boolean {
    if (this.#shut) return false
    this.upstream.pump((release) => this.#host.safe(release))
    // A socket that took everything at once never reports that it drained.
    this.wake()
    return this.upstream.waiting || this.client.holding
  }

  /** Everything held for the client is recorded. */
  releaseClient(): void {
    if (!this.#shut) this.client.release()
    this.wake()
  }

  wake(): void {
    const clientLoad = this.client.load + this.record.laneBytes
    if (this.#clientRoom !== null && (this.#shut || (clientLoad <= CLIENT_BUDGET_BYTES / 2 && !this.#host.congested))) {
      this.#clientRoom.open()
      this.#clientRoom = null
    }
    if (this.#upstreamRoom !== null && (this.#shut || this.#upstreamLoad() <= UPSTREAM_BUDGET_BYTES / 2)) {
      this.#upstreamRoom.open()
      this.#upstreamRoom = null
    }
  }

  end(reason: EndReason, denial: Denial): void {
    if (this.#ending !== null) return
    this.#ending = { reason, denial }
    this.upstream.drop()
    this.#rulings.abandon('session-ended')
    this.#abort.abort()
    this.wake()
  }

  /** Nothing of this session can be recorded any more, so nothing is passed on either. */
  fail(reason: string): void {
    if (this.#shut) return
    this.shut()
    this.client.drop()
    this.record.dropQueued()
    this.end('recording-unavailable', { kind: 'unavailable', reason })
  }

  /** The disk failed: `fail`, and forgets what was not in the file yet. */
  diskFailed(): void {
    this.fail('The recording cannot be written.')
    const appended = this.#host.spool.appended
    for (const operation of this.#rulings.allOpen) if (operation.block > appended) this.#rulings.close(operation)
    this.record.rollBack()
  }

  /** Nothing new is taken; what was delivered still goes to the client. */
  finish(): void {
    this.#closing = true
    this.upstream.drop()
    this.#rulings.abandon('session-ended')
    this.wake()
  }

  /** Settles what is still open, for good. */
  settleAll(): void {
    const now = this.#host.clock.monotonicMs()
    for (const operation of this.#rulings.allOpen) {
      const status: OperationStatus = operation.sent ? 'unknown' : 'skipped'
      this.#log.outcome(operation, { status, rows: 0, statements: [] }, now)
    }
  }

  /** No more of anything. */
  shut(): void {
    this.#shut = true
    this.#rulings.shut()
    this.upstream.drop()
    this.wake()
  }

  get stopped(): boolean {
    return this.#shut || this.#closing || this.#ending !== null
  }

  #upstreamLoad(): number {
    return this.upstream.load + this.record.laneBytes
  }

  #upstreamWait(): Promise<void> | undefined {
    if (this.#upstreamLoad() <= UPSTREAM_BUDGET_BYTES) return undefined
    this.#upstreamRoom ??= makeRoom()
    return this.#upstreamRoom.promise
  }

  touch(): number {
    this.#lastAtMs = this.#host.clock.monotonicMs()
    return this.#lastAtMs
  }
}
