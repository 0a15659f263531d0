import type { StreamName } from '#lib/domain/event'
import type { FrameCursor } from '#proxy/core/spool-frames'
import { EventGain } from './shipper-events'
import type { SessionGain, SessionMark } from './shipper-rows'
import { StreamGain } from './shipper-streams'
import { eachFrame, type FrameList } from './spool-index'

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
    held: events.held,
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
