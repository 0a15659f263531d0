import { drainSessions } from './drain'
import type { Listener } from './listener'
import type { SessionRegistry } from './live-session'
import type { Log } from './log'
import { repeat } from './repeat'
import type { SessionWatch } from './session-watch'

const LIMITS_MS = 1_000
const RECHECK_MS = 3_000
const HEARTBEAT_MS = 2_000
const REAP_MS = 5_000
const TLS_MS = 12 * 60 * 60_000
/** How long a stopping worker may take to close what its sessions waited for people for; the rest expires. */
const CLOSE_MS = 3_000
/** How long a stopping worker may take to bring what it recorded into the store; the rest waits in the spool. */
const SHIP_MS = 10_000

export interface LifeParts {
  readonly log: Log
  readonly registry: SessionRegistry
  readonly watch: SessionWatch
  readonly listeners: readonly Listener[]
  /** Sign of life; see `Lease`. */
  renew(): Promise<'held' | 'unknown' | 'lost'>
  release(): Promise<void>
  reap(): Promise<unknown>
  runTests(): Promise<void>
  /** Makes sure that the newest policies are in force. Never rejects. */
  readPolicies(): Promise<void>
  /** Waits until the reviews of ended sessions are closed. */
  closeReviews(withinMs: number): Promise<void>
  refreshTls(): Promise<void>
  /** Ships what was recorded. False when time was up before all of it was. */
  drainRecorder(withinMs: number): Promise<boolean>
  closeStores(): Promise<void>
  /** Ends the process at once: others have taken over, or may have. */
  die(reason: string): void
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** What a worker does for as long as it lives besides serving clients, and how it stops. */
export class WorkerLife {
  readonly #parts: LifeParts
  readonly #tasks: (() => void)[]
  readonly #heartbeat: () => void
  readonly #force = new AbortController()
  #stopping: Promise<void> | null = null

  constructor(parts: LifeParts) {
    this.#parts = parts
    const { log, watch } = parts
    this.#tasks = [
      repeat(LIMITS_MS, async () => watch.enforceLimits(), log),
      repeat(RECHECK_MS, () => watch.recheck(), log),
      repeat(RECHECK_MS, () => parts.runTests(), log),
      repeat(RECHECK_MS, () => parts.readPolicies(), log),
      repeat(REAP_MS, () => parts.reap(), log),
      repeat(TLS_MS, () => parts.refreshTls(), log),
    ]
    this.#heartbeat = repeat(HEARTBEAT_MS, () => this.#beat(), log)
  }

  /**
   * Accepts nobody any more, lets running operations finish for up to `drainMs`, ends every session, ships what was recorded and gives
   * the lease back. A second call does not wait for operations any more. Resolves when all is done.
   */
  stop(drainMs: number): Promise<void> {
    if (this.#stopping) this.#force.abort()
    this.#stopping ??= this.#stop(drainMs)
    return this.#stopping
  }

  async #beat(): Promise<void> {
    if ((await this.#parts.renew()) === 'lost') this.#parts.die('this worker was declared dead or stood still too long')
  }

  async #stop(drainMs: number): Promise<void> {
    const { log, registry, listeners, wait } = this.#parts
    log.info({ sessions: registry.list().length }, 'stopping')
    for (const listener of listeners) listener.close()
    await drainSessions(registry, { drainMs, force: this.#force.signal, wait })
    for (const stopTask of this.#tasks) stopTask()
    await this.#parts.closeReviews(CLOSE_MS)
    const complete = await this.#parts.drainRecorder(SHIP_MS)
    this.#heartbeat()
    // A lease that is not given back runs out, and whoever reaps this worker ships what is left in its spool.
    if (complete) await this.#parts.release().catch((error) => log.warn({ error }, 'the lease could not be given back'))
    else log.warn({}, 'not everything recorded reached the store; the spool keeps it')
    await this.#parts.closeStores()
    log.info({}, 'stopped')
  }
}
