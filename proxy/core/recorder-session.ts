import type { Socket } from 'node:net'
import type { RecordingMode } from '#lib/domain/connection'
import type { Denial } from '#lib/domain/denial'
import type { EndReason, SessionClosed, SessionOpened } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import { sessionLine } from './event-line'
import { SessionGate } from './gate'
import type { GateHost } from './gate-host'
import type { ClientWriter } from './gate-outlets'
import type { SessionEnd, SessionHeader, UpstreamWriter } from './ports'
import type { RecordedSession, RecordRequest } from './session-ports'

/** What a session needs of the recorder it belongs to. */
export interface RecorderHome extends GateHost {
  /** The end of `session` could not be recorded: tries again until it can. */
  closeLater(session: RecorderSession): void
  /** Forgets a session whose last event is safe. */
  forget(session: SessionId): void
}

/** One session's record from its first event to its last. */
export class RecorderSession implements RecordedSession {
  readonly gate: SessionGate
  readonly #recorder: RecorderHome
  readonly #header: SessionHeader
  readonly #recording: RecordingMode
  #end: SessionEnd | null = null
  /** Somebody else ended the record: not a word more goes into it. */
  #lost = false

  constructor(recorder: RecorderHome, request: RecordRequest, recordingBytes: number) {
    this.#recorder = recorder
    this.#header = request.header
    this.#recording = request.recording
    this.gate = new SessionGate({
      header: request.header,
      host: recorder,
      client: socketWriter(request.client),
      decide: request.decide,
      hold: request.hold,
      strict: request.recording === 'strict',
      recordingBytes,
    })
  }

  /** Records the session's header. */
  opened(): void {
    const { signInId, tags, ...header } = this.#header
    const at = this.#recorder.clock.now()
    this.gate.record.row(JSON.stringify({ signInId, tags }))
    this.gate.record.event({ kind: 'session.open', verdict: 'none', op: 0, rows: 0 }, at, (seq) =>
      sessionLine({ v: 1, kind: 'session.open', at, seq, ...header } satisfies SessionOpened),
    )
  }

  attach(writer: UpstreamWriter): void {
    this.gate.attach(writer)
  }

  end(reason: EndReason, denial: Denial): void {
    this.gate.end(reason, denial)
  }

  activity(): { readonly running: boolean; readonly lastAtMs: number } {
    return this.gate.activity()
  }

  async close(end: SessionEnd): Promise<void> {
    if (this.#end !== null) return
    this.#end = this.gate.ending?.reason === 'recording-unavailable' ? { ...end, reason: 'recording-unavailable' } : end
    this.gate.finish()
    await this.gate.record.whenInOrder()
    await this.closeAgain()
  }

  /** Appends the session's end, now or, when there is no disk, later. */
  async closeAgain(): Promise<void> {
    const end = this.#end
    if (end === null || this.#lost) return
    try {
      if (this.#recorder.spool.failure !== null) throw this.#recorder.spool.failure
      this.#appendEnd(end)
      await this.#recorder.whenSafe(this.gate.record.lastBlock, 'standard')
    } catch {
      this.#recorder.closeLater(this)
      return
    } finally {
      this.gate.shut()
    }
    this.#recorder.forget(this.gate.sessionId)
  }

  /** The store has another end for this session. */
  lose(): void {
    this.#lost = true
    this.gate.fail('The record of this session was ended elsewhere.')
    this.#recorder.forget(this.gate.sessionId)
  }

  diskFailed(): void {
    this.gate.diskFailed()
  }

  /** A strict session cannot run without the store, and must not run what waits for it later on. */
  storeLost(): void {
    if (this.#recording !== 'strict' || !this.gate.upstream.waiting) return
    this.gate.end('recording-unavailable', { kind: 'unavailable', reason: 'The store cannot be reached.' })
  }

  #appendEnd(end: SessionEnd): void {
    this.gate.settleAll()
    const at = this.#recorder.clock.now()
    const { record } = this.gate
    record.event({ kind: 'session.close', verdict: 'none', op: 0, rows: 0 }, at, (seq) =>
      sessionLine({
        v: 1,
        kind: 'session.close',
        at,
        seq,
        reason: end.reason,
        detail: end.detail,
        operations: this.gate.operations,
        out: record.out.offset,
        in: record.in.offset,
      } satisfies SessionClosed),
    )
  }
}

/** The gate's view of a client's socket. A socket that is gone takes everything and keeps nothing. */
function socketWriter(socket: Socket): ClientWriter {
  return {
    write: (bytes) => (socket.writable ? socket.write(bytes) : true),
    onDrain(listener) {
      socket.on('drain', listener)
      socket.on('close', listener)
    },
  }
}
