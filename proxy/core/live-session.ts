import type { Denial } from '#lib/domain/denial'
import type { EndReason } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import type { Authorized } from './ports'

/** A session that runs on this worker, as the watch and the drain see it. */
export interface LiveSession {
  readonly id: SessionId
  readonly access: Authorized
  /** Monotonic milliseconds. */
  readonly startedAtMs: number
  /** Ends it: the client reads the denial. The first call wins. */
  end(reason: EndReason, denial: Denial): void
  activity(): { readonly running: boolean; readonly lastAtMs: number }
}

/** The live sessions of one worker. */
export class SessionRegistry {
  readonly #sessions = new Map<SessionId, LiveSession>()
  readonly #waiting = new Set<() => void>()
  #closed = false

  /** False once the worker is stopping: no session may start any more. */
  get open(): boolean {
    return !this.#closed
  }

  /** From now on no session may start. */
  shut(): void {
    this.#closed = true
  }

  add(session: LiveSession): void {
    this.#sessions.set(session.id, session)
  }

  remove(id: SessionId): void {
    this.#sessions.delete(id)
    if (this.#sessions.size > 0) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  list(): readonly LiveSession[] {
    return [...this.#sessions.values()]
  }

  /** Resolves when no session is left. */
  async empty(): Promise<void> {
    if (this.#sessions.size === 0) return
    await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }
}
