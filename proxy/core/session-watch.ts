import type { Clock } from '#lib/domain/clock'
import type { Denial } from '#lib/domain/denial'
import type { EndReason } from '#lib/domain/event'
import type { ConnectionId, PrincipalId, SessionId, TokenId } from '#lib/domain/ids'
import type { Limits } from '#lib/domain/limits'
import type { LiveSession, SessionRegistry } from './live-session'
import type { Log } from './log'

/** A live session by what its right to go on depends on. */
interface WatchedSession {
  readonly sessionId: SessionId
  readonly tokenId: TokenId
  readonly principalId: PrincipalId
  readonly connectionId: ConnectionId
}

export interface SessionVerdict {
  readonly sessionId: SessionId
  readonly reason: EndReason
  readonly denial: Denial
}

export interface AccessPort {
  /** Which of these sessions must end now, as the store says and by its clock. Rejects when the store cannot be asked. */
  recheck(sessions: readonly WatchedSession[]): Promise<readonly SessionVerdict[]>
}

export interface WatchParts {
  readonly registry: SessionRegistry
  readonly access: AccessPort
  readonly clock: Clock
  readonly limits: Pick<Limits, 'idleMs' | 'sessionMs'>
  readonly log: Log
}

/**
 * Ends sessions that may not go on. A signal is only a hint to look: what decides is always the store, so that a forged signal
 * does nothing and a lost one is made up for by the next look.
 */
export class SessionWatch {
  readonly #parts: WatchParts
  #looking: Promise<void> | null = null
  #again = false

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Ends sessions that are idle or have run too long. Meant to be called about once a second. */
  enforceLimits(): void {
    const { registry, clock, limits } = this.#parts
    const nowMs = clock.monotonicMs()
    for (const session of registry.list()) {
      const { running, lastAtMs } = session.activity()
      if (nowMs - session.startedAtMs >= limits.sessionMs) end(session, 'too-long', limits.sessionMs)
      else if (!running && nowMs - lastAtMs >= limits.idleMs) end(session, 'idle', limits.idleMs)
    }
  }

  /**
   * Asks the store about every live session and ends those it names. A call during a look makes it look once more after, so that
   * what changed meanwhile is seen. Never rejects.
   */
  recheck(): Promise<void> {
    this.#again = true
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        await this.#lookOnce()
      } catch (error) {
        this.#parts.log.warn({ error }, 'the right of live sessions to go on could not be checked')
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const live = new Map(this.#parts.registry.list().map((session) => [session.id, session]))
    if (live.size === 0) return
    for (const { sessionId, reason, denial } of await this.#parts.access.recheck([...live.values()].map(watched))) {
      this.#parts.log.info({ session: sessionId, reason }, 'ending a session')
      live.get(sessionId)?.end(reason, denial)
    }
  }
}

function watched(session: LiveSession): WatchedSession {
  const { identity, connection } = session.access
  return {
    sessionId: session.id,
    tokenId: identity.tokenId,
    principalId: identity.principal.id,
    connectionId: connection.id,
  }
}

function end(session: LiveSession, reason: 'idle' | 'too-long', limitMs: number): void {
  const minutes = Math.round(limitMs / 60_000)
  const words = reason === 'idle' ? `no activity for ${minutes} minutes` : `sessions last ${minutes} minutes at most`
  session.end(reason, { kind: 'unavailable', reason: `the session was ended: ${words}; connect again` })
}
