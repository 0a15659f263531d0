import type { SessionClosed, StreamName } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import type { FrameCursor } from '#proxy/core/spool-frames'
import { EventGain } from './shipper-events'
import { StreamGain } from './shipper-streams'
import { eachFrame, type FrameList } from './spool-index'

/** What of a session is in the store already, as its row says. */
export interface SessionMark {
  readonly id: SessionId
  readonly lastSeq: number
  readonly head: Buffer | null
  readonly outBytes: number
  readonly inBytes: number
  readonly inFlight: readonly number[]
  readonly endReason: string | null
}

export interface BatchRow {
  readonly firstSeq: number
  readonly lastSeq: number
  readonly firstAt: number
  readonly lastAt: number
  readonly firstOp: number | null
  readonly lastOp: number | null
  readonly refused: number
  readonly failed: number
  readonly codec: number
  readonly data: Uint8Array
  readonly head: Buffer
}

export interface ChunkRow {
  readonly stream: StreamName
  readonly from: number
  readonly to: number
  readonly at: number
  readonly codec: number
  readonly data: Uint8Array
  readonly sha256: Uint8Array
}

/** What one session gains: rows to insert and how its own row changes. */
export interface SessionGain {
  readonly id: SessionId
  readonly batches: readonly BatchRow[]
  readonly chunks: readonly ChunkRow[]
  readonly lastSeq: number
  readonly head: Buffer | null
  readonly lastEventAt: number
  readonly outBytes: number
  readonly inBytes: number
  readonly storedBytes: number
  readonly operations: number
  readonly refused: number
  readonly failed: number
  readonly rows: number
  readonly inFlight: readonly number[]
  readonly closed: Pick<SessionClosed, 'at' | 'reason' | 'detail'> | null
}

/**
 * Works out what `frames`, one session's in order, add to what the store has (`mark`). What is there already is skipped; what does
 * not follow on it throws SpoolGap.
 */
export function shareOf(mark: SessionMark, frames: FrameList): SessionGain {
  const events = new EventGain(mark)
  const streams = { out: new StreamGain('out', mark.outBytes), in: new StreamGain('in', mark.inBytes) }
  eachFrame(frames, (frame) => add(frame, events, streams))
  const batches = events.finish()
  const chunks = [...streams.out.finish(), ...streams.in.finish()]
  return {
    id: mark.id,
    batches,
    chunks,
    lastSeq: events.next - 1,
    head: events.head,
    lastEventAt: events.lastAt ?? chunks.at(-1)?.at ?? 0,
    outBytes: streams.out.to,
    inBytes: streams.in.to,
    storedBytes: [...batches, ...chunks].reduce((sum, row) => sum + row.data.length, 0),
    operations: events.operations,
    refused: events.refused,
    failed: events.failed,
    rows: events.rows,
    inFlight: [...events.inFlight].sort((a, b) => a - b),
    closed: events.closed,
  }
}

function add(frame: FrameCursor, events: EventGain, streams: Readonly<Record<StreamName, StreamGain>>): void {
  switch (frame.type) {
    case 'event':
      events.add(frame)
      return
    case 'raw':
      streams[frame.stream].raw(frame.from, frame.time, frame.raw)
      return
    case 'packed':
      streams[frame.stream].packed({ from: frame.from, at: frame.time, ...frame.packed })
      return
    case 'cut':
      streams[frame.stream].skip(frame.from, frame.cutTo)
      return
    default:
      return
  }
}
