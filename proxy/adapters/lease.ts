import type { Database } from '#lib/db/client'
import type { Clock } from '#lib/domain/clock'
import { registerWorker, renewLease, stopWorker, type WorkerRow } from '#lib/services/gateway/worker-lease'
import type { Log } from '../core/log'
import { STORE_ANSWER_MS, within } from './within'

/** A worker that did nothing for this long may have been declared dead meanwhile. */
const PAUSE_MS = 30_000

/** This worker's sign of life in the store. */
export class Lease {
  readonly #db: Database
  readonly #worker: WorkerRow
  readonly #clock: Clock
  readonly #log: Log
  #lastTriedMs: number
  #contactSinceMs: number | null = null

  constructor(db: Database, worker: WorkerRow, clock: Clock, log: Log) {
    this.#db = db
    this.#worker = worker
    this.#clock = clock
    this.#log = log
    this.#lastTriedMs = clock.monotonicMs()
  }

  async register(): Promise<void> {
    await registerWorker(this.#db, this.#worker)
    this.#contactSinceMs = this.#clock.monotonicMs()
  }

  /** For how long the store has been answering without a break. */
  get contactMs(): number {
    return this.#contactSinceMs === null ? 0 : this.#clock.monotonicMs() - this.#contactSinceMs
  }

  /**
   * Gives a sign of life. `lost`: others have declared this worker dead and ended its sessions, or may have while it stood still;
   * it must die at once. While the store is away nobody can, and the worker lives on for as long as its spool takes records.
   */
  async renew(): Promise<'held' | 'unknown' | 'lost'> {
    const now = this.#clock.monotonicMs()
    const stoodStill = now - this.#lastTriedMs > PAUSE_MS
    this.#lastTriedMs = now
    if (stoodStill) return 'lost'
    try {
      if (!(await within(STORE_ANSWER_MS, renewLease(this.#db, this.#worker.id)))) return 'lost'
      this.#contactSinceMs ??= now
      return 'held'
    } catch (error) {
      this.#contactSinceMs = null
      this.#log.warn({ error }, 'the store could not be given a sign of life')
      return 'unknown'
    }
  }

  async release(): Promise<void> {
    await stopWorker(this.#db, this.#worker.id)
  }
}
