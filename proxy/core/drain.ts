import type { Denial } from '#lib/domain/denial'
import type { SessionRegistry } from './live-session'

const STOPPED: Denial = { kind: 'unavailable', reason: 'the gateway is being restarted; connect again in a moment' }
const LOOK_MS = 50

export interface DrainOptions {
  /** How long running operations may take to finish. */
  readonly drainMs: number
  /** Aborts to cut the wait short. */
  readonly force: AbortSignal
  /** Resolves after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Ends every session for a stop: at once where nothing runs, after the running operation where one does, and all of them when the
 * time is up. Resolves when none is left.
 */
export async function drainSessions(registry: SessionRegistry, options: DrainOptions): Promise<void> {
  registry.shut()
  const gone = registry.empty()
  const finished = new AbortController()
  void gone.then(() => finished.abort())
  const stop = AbortSignal.any([options.force, finished.signal])
  for (let waitedMs = 0; waitedMs < options.drainMs && !stop.aborted; waitedMs += LOOK_MS) {
    for (const session of registry.list()) if (!session.activity().running) session.end('gateway-stopped', STOPPED)
    await options.wait(LOOK_MS, stop)
  }
  for (const session of registry.list()) session.end('gateway-stopped', STOPPED)
  await gone
}
