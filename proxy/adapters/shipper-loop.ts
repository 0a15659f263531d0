import type { SessionId, WorkerId } from '#lib/domain/ids'
import type { SpoolEnd } from '#proxy/core/spool'
import { StoreAway, type StoreLink } from './shipper-link'
import type { FromShipper } from './shipper-messages'
import { endSessionsOf } from './shipper-recovery'
import { type Misfit, storeFrames } from './shipper-store'
import type { SpoolFolders } from './spool-folders'
import type { FrameList } from './spool-index'
import { type Round, SpoolReader } from './spool-reader'

/** A dead worker's spool and sessions, being brought to their end. */
interface Recovery {
  readonly call: number
  readonly worker: WorkerId
  folder: string | null
  reader: SpoolReader | null
}

export interface LoopParts {
  readonly link: StoreLink
  readonly folders: SpoolFolders
  readonly key: Uint8Array
  /** This worker's own spool folder. */
  readonly folder: string
  report(message: FromShipper): void
  now(): number
  /** Called after each piece that was shipped: its buffers are garbage now. */
  pieceDone(): void
}

/** Ships one worker's spool, and on demand those of dead workers. Everything is tried until it succeeds. */
export class ShipperLoop {
  readonly #parts: LoopParts
  readonly #live: SpoolReader
  readonly #shippedSeq = new Map<SessionId, number>()
  #asked: SpoolEnd = { segment: 0, bytes: 0, block: 0, total: 0 }
  #total = 0
  readonly #recoveries: Recovery[] = []
  #woken = false
  #wake: () => void = () => {}
  #stopping = false

  constructor(parts: LoopParts) {
    this.#parts = parts
    this.#live = new SpoolReader(parts.folder, parts.folders.aside, parts.key)
  }

  ship(end: SpoolEnd): void {
    this.#asked = end
    this.#wakeUp()
  }

  recover(call: number, worker: WorkerId): void {
    this.#recoveries.push({ call, worker, folder: null, reader: null })
    this.#wakeUp()
  }

  stop(): void {
    this.#stopping = true
    this.#wakeUp()
  }

  /** Runs until `stop`. Never rejects. */
  async run(): Promise<void> {
    let pinged = false
    while (!this.#stopping) {
      try {
        if ((await this.#shipLive()) || (await this.#recoverOne())) continue
        if (!this.#parts.link.up || pinged) await this.#parts.link.ping()
      } catch (error) {
        if (!(error instanceof StoreAway)) this.#log('error', 'Shipping failed.', error)
      }
      pinged = await this.#pause()
    }
    await this.#parts.link.close()
  }

  /** Ships a piece of this worker's own spool. False when there is nothing to ship. */
  async #shipLive(): Promise<boolean> {
    const end = this.#asked
    if (this.#total >= end.total) return false
    const round = await this.#live.next({ segment: end.segment, bytes: end.bytes })
    if (round?.damage != null || (round === null && !this.#live.isAt(end))) {
      const message = `the spool cannot be read back: ${round?.damage ?? 'segments are missing'}`
      this.#parts.report({ kind: 'fatal', message })
      throw new Error(message)
    }
    if (round !== null) {
      const misfits = await this.#store(round, this.#shippedSeq)
      for (const { session } of misfits) this.#parts.report({ kind: 'conflict', session })
      await this.#live.commit(round, misfits.length > 0)
      this.#total += round.bytes
    }
    const done = this.#live.isAt(end)
    // What failed writes left behind counts for nothing: at the end we are level, whatever was read.
    this.#total = done ? end.total : Math.min(this.#total, end.total - 1)
    const block = done ? end.block : (round?.block ?? 0)
    this.#parts.report({ kind: 'shipped', block, total: this.#total })
    return true
  }

  /** Does a piece of the oldest recovery. False when there is none. */
  async #recoverOne(): Promise<boolean> {
    const job = this.#recoveries[0]
    if (job === undefined) return false
    try {
      if (await this.#shipAdopted(job)) return true
      if (this.#parts.folders.isHeld(job.worker)) {
        this.#recoveries.shift()
        this.#parts.report({ kind: 'failed', call: job.call, message: 'A process that lives holds its spool.' })
        return true
      }
      const ended = await this.#parts.link.run((sql) => endSessionsOf(sql, job.worker, this.#parts.now))
      if (ended > 0) this.#log('warn', `Ended ${ended} sessions of ${job.worker}, which stopped without doing so.`)
      this.#parts.report({ kind: 'recovered', call: job.call, ended })
      this.#recoveries.shift()
    } catch (error) {
      if (error instanceof StoreAway) throw error
      this.#recoveries.shift()
      this.#log('error', `The spool of ${job.worker} could not be recovered.`, error)
      this.#parts.report({ kind: 'failed', call: job.call, message: 'Its spool could not be recovered.' })
    }
    return true
  }

  /** Ships a piece of what a dead worker left on this disk. False when nothing is left. */
  async #shipAdopted(job: Recovery): Promise<boolean> {
    const { folders, key } = this.#parts
    job.folder ??= folders.adopt(job.worker)
    if (job.folder === null) return false
    job.reader ??= new SpoolReader(job.folder, folders.aside, key)
    const round = await job.reader.next(null)
    if (round === null) {
      folders.remove(job.folder)
      job.folder = null
      job.reader = null
      return true
    }
    if (round.damage !== null) {
      this.#log(
        'error',
        `The spool of ${job.worker} is damaged (${round.damage}); its segment is kept in ${folders.aside}.`,
      )
    }
    const misfits = await this.#store(round, new Map())
    await job.reader.commit(round, misfits.length > 0)
    return true
  }

  /** Stores a round. Sessions that do not fit are left out and named; one of them never stops the others. */
  async #store(round: Round, shippedSeq: Map<SessionId, number>): Promise<readonly Misfit[]> {
    const { sessions } = round.frames
    if (sessions.size === 0) return []
    const misfits: Misfit[] = []
    try {
      misfits.push(...(await this.#storeTogether(sessions, shippedSeq)))
    } catch (error) {
      if (error instanceof StoreAway) throw error
      for (const entry of sessions) {
        try {
          misfits.push(...(await this.#storeTogether(new Map([entry]), shippedSeq)))
        } catch (cause) {
          if (cause instanceof StoreAway) throw cause
          misfits.push({ session: entry[0], reason: String(cause) })
        }
      }
    }
    for (const { session, reason } of misfits) {
      this.#log('error', `Records of ${session} do not fit into the store; their segment is kept. ${reason}`)
    }
    return misfits
  }

  async #storeTogether(
    sessions: ReadonlyMap<SessionId, FrameList>,
    shippedSeq: Map<SessionId, number>,
  ): Promise<readonly Misfit[]> {
    const { gains, misfits } = await this.#parts.link.run((sql) => storeFrames(sql, sessions, shippedSeq))
    this.#parts.pieceDone()
    for (const gain of gains) {
      if (gain.closed === null) shippedSeq.set(gain.id, gain.lastSeq)
      else shippedSeq.delete(gain.id)
    }
    return misfits
  }

  #wakeUp(): void {
    this.#woken = true
    this.#wake()
  }

  /** Waits for work, or for when the store is to be asked whether it is there. True: nobody woke us. */
  async #pause(): Promise<boolean> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#parts.link.pauseMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    const woken = this.#woken
    this.#woken = false
    return !woken
  }

  #log(level: 'warn' | 'error', message: string, cause?: unknown): void {
    this.#parts.report({ kind: 'log', level, message, ...(cause !== undefined && { cause: String(cause) }) })
  }
}
