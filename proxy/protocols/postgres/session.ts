import type { Socket } from 'node:net'
import type { Limits } from '#lib/domain/limits'
import type { Classify } from '#lib/sql/classify'
import type { Gate, SessionEnd, Upstream } from '#proxy/core/ports'

/** What the session needs once both sides are authenticated and the client has its first ReadyForQuery. */
export interface SessionInput {
  readonly client: Socket
  /** Bytes of the client that were read behind its credential; empty as a rule. */
  readonly clientHead: Buffer
  readonly upstream: Upstream
  /** Bytes of the target that were read behind its first ReadyForQuery; empty as a rule. */
  readonly upstreamHead: Buffer
  readonly gate: Gate
  /** ParameterStatus values that the target reported at startup. */
  readonly parameters: ReadonlyMap<string, string>
  readonly limits: Limits
  /** From `createClassifier`: one for the process. */
  readonly classify: Classify
  /** The session's page, shown to a refused client; null when the gateway has no public address. */
  readonly sessionUrl: string | null
}

/**
 * Relays one session between its first ReadyForQuery and its end. Takes over both sockets: the client's `data` events and
 * `upstream.read`. Ends both in every case; rejects never.
 */
export function runSession(_input: SessionInput): Promise<SessionEnd> {
  return Promise.resolve({ reason: 'error', detail: 'The session is not connected' })
}
