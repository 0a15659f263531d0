import type { Clock } from '#lib/domain/clock'
import type { RecordingMode } from '#lib/domain/connection'
import { SallyportError } from '#lib/domain/errors'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import type { Limits } from '#lib/domain/limits'
import type { Waiter } from './gate-host'
import type { Release } from './gate-outlets'
import { Packer } from './gate-packer'
import { Backlog } from './recorder-backlog'
import type { Shipper } from './recorder-ports'
import { type RecorderHome, RecorderSession } from './recorder-session'
import type { RecordedSession, RecordRequest, SessionRecorder } from './session-ports'
import { Spool, type SpoolEnd } from './spool'
import type { SpoolDisk } from './spool-disk'

/** How often what was recorded is handed to the shipper, at most. */
const SHIP_MS = 200
/** How often a failed disk is tried again while ends of sessions wait for it. */
const RETRY_MS = 1_000

export interface RecorderOptions {
  readonly disk: SpoolDisk
  readonly shipper: Shipper
  readonly key: Uint8Array
  readonly clock: Clock
  readonly limits: Pick<Limits, 'spoolBytes' | 'spoolMs' | 'recordingBytes'>
  /** See `SpoolOptions`. */
  readonly segmentBytes?: number
  random(length: number): Uint8Array
  later(turn: () => void): void
  delay(ms: number, task: () => void): void
  /** Tells the operator; never the content of a record. */
  log(level: 'info' | 'warn' | 'error', message: string, cause?: unknown): void
}

/**
 * The recorder of one worker: one spool for all sessions, group commit, and the rules for when commands are refused because they
 * could not be recorded.
 */
export class Recorder implements SessionRecorder, RecorderHome {
  readonly spool: Spool
  readonly packer = new Packer()
  readonly clock: Clock
  readonly #options: RecorderOptions
  readonly #backlog: Backlog
  readonly #sessions = new Map<SessionId, RecorderSession>()
  readonly #waiting = new Set<Waiter>()
  readonly #crowded = new Set<Waiter>()
  readonly #unclosed = new Set<RecorderSession>()
  #waits: { readonly release: Release; settle(error: Error | null): void }[] = []
  /** How far the shipper was asked to go. */
  #asked = 0
  #shipping = false
  #shipPlanned = false
  #hurried = false
  #retryPlanned = false
  /** Resolves once it is known whether the store can be reached. */
  readonly #firstContact: Promise<void>

  constructor(options: RecorderOptions) {
    this.#options = options
    this.clock = options.clock
    this.#backlog = new Backlog(options.clock, options.limits)
    this.spool = new Spool({
      disk: options.disk,
      key: options.key,
      random: options.random,
      later: options.later,
      delay: options.delay,
      ...(options.segmentBytes !== undefined && { segmentBytes: options.segmentBytes }),
      onAppended: () => this.#appended(),
      onSynced: () => this.#synced(),
      onFailed: (error) => this.#diskFailed(error),
    })
    let contact = () => {}
    this.#firstContact = new Promise((resolve) => {
      contact = resolve
    })
    options.shipper.start({
      shipped: (end) => this.#shipped(end),
      store: (up) => {
        contact()
        this.#storeChanged(up)
      },
      conflict: (session) => this.#sessions.get(session)?.lose(),
    })
  }

  async open(request: RecordRequest): Promise<RecordedSession> {
    if (request.recording === 'strict') await this.#firstContact
    const refusal = this.refusal(request.recording)
    if (refusal !== null) throw new SallyportError('unavailable', refusal)
    if (!this.spool.reopen()) throw new SallyportError('unavailable', 'The recording cannot be written.')
    const session = new RecorderSession(this, request, this.#options.limits.recordingBytes)
    this.#sessions.set(session.gate.sessionId, session)
    session.opened()
    try {
      await this.whenSafe(session.gate.record.lastBlock, request.recording)
    } catch (cause) {
      this.#sessions.delete(session.gate.sessionId)
      throw new SallyportError('unavailable', 'The recording cannot be written.', { cause })
    }
    return session
  }

  forget(session: SessionId): void {
    this.#sessions.delete(session)
  }

  closeLater(session: RecorderSession): void {
    this.#unclosed.add(session)
    this.#planRetry()
  }

  /** See `Shipper.recover`. Only for a worker that is surely dead. */
  recover(worker: WorkerId): Promise<number> {
    return this.#options.shipper.recover(worker)
  }

  /**
   * Ships everything and stops. Call it after every session was closed. False: `withinMs` was not enough; what is left stays in the
   * spool and is shipped by the next worker that starts here.
   */
  async drain(withinMs: number): Promise<boolean> {
    this.spool.close()
    const everything = {
      bytes: new Uint8Array(),
      block: this.spool.appended,
      durability: 'committed',
      operations: [],
    } as const
    const shipped = new Promise<boolean>((resolve) => {
      this.#waits.push({ release: everything, settle: (error) => resolve(error === null) })
      this.#options.delay(withinMs, () => resolve(false))
    })
    this.hurry()
    this.#ship()
    this.#settleWaits()
    const complete = (await shipped) && this.spool.failure === null
    await this.#options.shipper.stop()
    return complete
  }

  whenSafe(block: number, recording: RecordingMode): Promise<void> {
    const durability = recording === 'strict' ? 'committed' : 'synced'
    return new Promise((resolve, reject) => {
      if (this.spool.failure !== null) return reject(this.spool.failure)
      const settle = (error: Error | null) => (error === null ? resolve() : reject(error))
      this.#waits.push({ release: { bytes: new Uint8Array(), block, durability, operations: [] }, settle })
      this.spool.sync.want(block)
      if (recording === 'strict') this.hurry()
      this.#settleWaits()
    })
  }

  refusal(recording: RecordingMode): string | null {
    return this.#backlog.refusal(recording)
  }

  get roomForRefusals(): boolean {
    return this.#backlog.roomForRefusals
  }

  get congested(): boolean {
    return this.#backlog.congested
  }

  safe(release: Release): boolean {
    switch (release.durability) {
      case 'appended':
        return release.block <= this.spool.appended
      case 'synced':
        return release.block <= this.spool.sync.synced
      case 'committed':
        return release.block <= this.#backlog.committed
    }
  }

  await(waiter: Waiter): void {
    this.#waiting.add(waiter)
  }

  awaitRoom(waiter: Waiter): void {
    this.#crowded.add(waiter)
  }

  hurry(): void {
    this.#hurried = true
  }

  #appended(): void {
    const { total, block } = this.spool.end
    this.#backlog.wrote(total, block)
    for (const waiter of this.#waiting) {
      waiter.releaseClient()
      if (!waiter.release()) this.#waiting.delete(waiter)
    }
    if (this.#hurried) this.#ship()
    else this.#planShip()
  }

  #planShip(): void {
    if (this.#shipPlanned) return
    this.#shipPlanned = true
    this.#options.delay(SHIP_MS, () => {
      this.#shipPlanned = false
      this.#ship()
    })
  }

  #synced(): void {
    this.#releaseWaiting()
    this.#settleWaits()
  }

  #releaseWaiting(): void {
    for (const waiter of this.#waiting) if (!waiter.release()) this.#waiting.delete(waiter)
  }

  #settleWaits(): void {
    const done = this.#waits.filter((wait) => this.safe(wait.release))
    if (done.length === 0) return
    this.#waits = this.#waits.filter((wait) => !done.includes(wait))
    for (const wait of done) wait.settle(null)
  }

  #ship(): void {
    if (this.#shipping || this.spool.end.total === this.#asked) return
    this.#hurried = false
    this.#shipping = true
    this.#asked = this.spool.end.total
    this.#options.shipper.ship(this.spool.end)
  }

  #shipped(end: Pick<SpoolEnd, 'block' | 'total'>): void {
    this.#backlog.shipped(end.total, end.block)
    this.#shipping = end.total < this.#asked
    this.#releaseWaiting()
    this.#settleWaits()
    this.#makeRoom()
    if (this.#hurried) this.#ship()
    // What was appended meanwhile found the shipper busy, and nothing may follow that would ask again.
    else if (!this.#shipping && this.spool.end.total > this.#asked) this.#planShip()
  }

  #storeChanged(up: boolean): void {
    if (up === this.#backlog.storeUp) return
    this.#backlog.store(up)
    if (up) this.#options.log('info', 'The store can be reached.')
    else {
      this.#options.log('error', 'The store cannot be reached: commands are recorded in the local spool only.')
      for (const session of this.#sessions.values()) session.storeLost()
    }
    this.#makeRoom()
  }

  #makeRoom(): void {
    if (this.#backlog.congested) return
    const crowded = [...this.#crowded]
    this.#crowded.clear()
    for (const waiter of crowded) waiter.wake()
  }

  #diskFailed(error: Error): void {
    this.#options.log('error', 'The spool cannot be written: every session ends.', error)
    const waits = this.#waits
    this.#waits = []
    this.#waiting.clear()
    for (const session of this.#sessions.values()) session.diskFailed()
    for (const wait of waits) wait.settle(error)
  }

  #planRetry(): void {
    if (this.#retryPlanned || this.#unclosed.size === 0) return
    this.#retryPlanned = true
    this.#options.delay(RETRY_MS, () => {
      this.#retryPlanned = false
      if (!this.spool.reopen()) return this.#planRetry()
      const sessions = [...this.#unclosed]
      this.#unclosed.clear()
      for (const session of sessions) void session.closeAgain()
    })
  }
}
