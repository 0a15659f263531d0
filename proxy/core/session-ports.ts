import type { Socket } from 'node:net'
import type { RecordingMode } from '#lib/domain/connection'
import type { Denial } from '#lib/domain/denial'
import type { EndReason } from '#lib/domain/event'
import type { SessionHold } from './hold-ports'
import type { Decide, Dialled, Gate, Reach, SessionEnd, SessionHeader, UpstreamWriter } from './ports'

/** What the pipeline needs of the recorder and the dialler to run one session. */

export interface RecordRequest {
  readonly header: SessionHeader
  readonly recording: RecordingMode
  /** Where `gate.deliver` writes. */
  readonly client: Socket
  /** Judges the session's operations. */
  readonly decide: Decide
  /** null: the protocol cannot hold, so that what would be held is denied. */
  readonly hold: SessionHold | null
}

export interface SessionRecorder {
  /**
   * Opens the record of a session and its gate. Resolves once the `session.open` event has reached the disk.
   * Rejects with `unavailable` when it cannot: the session must not start.
   */
  open(request: RecordRequest): Promise<RecordedSession>
}

/** A session whose first event is on disk. */
export interface RecordedSession {
  readonly gate: Gate
  /** Names the target's socket: from here on `gate.dispatch` may write to it. Called once. */
  attach(writer: UpstreamWriter): void
  /** Ends the session: `gate.ending` is set and `gate.signal` aborts. The first call wins. */
  end(reason: EndReason, denial: Denial): void
  /** Whether an operation is under way, and when the last byte passed either way (monotonic milliseconds). */
  activity(): { readonly running: boolean; readonly lastAtMs: number }
  /** Settles what is still open, appends the `session.close` event. Called once, also after a failure. */
  close(end: SessionEnd): Promise<void>
}

/**
 * Connects to the target that `reach` proves: resolves, checks every address, connects to a checked one.
 * Rejects with `target_address_refused` or `target_unreachable`.
 */
export type Dial = (reach: Reach, signal: AbortSignal, onStep?: DialReport) => Promise<Dialled>

/** Follows the first two steps of a connection test. */
export type DialReport = (step: 'resolve' | 'connect', state: 'running' | 'passed' | 'failed', detail: string) => void

/** Counts clients that have not signed in yet. */
export interface Doorway {
  /** A place, given up by calling the result; null when this address, or all together, already hold too many. */
  enter(address: string): (() => void) | null
}
