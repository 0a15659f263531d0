import type { SessionEventKind, StreamName } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'

/**
 * What a block holds once opened: frames, one after the other.
 *
 *   frame: type u8 · body length u32 · id length u8 · session id · body
 *   event  (1): kind u8 · verdict u8 · seq u32 · op u32 · at f64 · rows f64 · line
 *   raw    (2): stream u8 · from f64 · at f64 · bytes
 *   packed (3): stream u8 · from f64 · at f64 · raw length u32 · SHA-256 of the raw bytes 32 · codec u8 · bytes
 *   cut    (4): stream u8 · from f64 · to f64                                   (bytes that passed but are not kept)
 *   row    (5): JSON: what the session's row says beyond its first event
 *   end    (6): the segment is complete                                         (no session)
 * `kind`, `verdict`, `seq`, `op` and `rows` repeat the line, so that shipping need not parse it.
 */
const EVENT = 1
const RAW = 2
const PACKED = 3
const CUT = 4
const ROW = 5
const END = 6

const KINDS: readonly SessionEventKind[] = [
  ...(['session.open', 'operation.intent', 'operation.outcome', 'session.close'] as const),
  ...(['operation.held', 'operation.reviewed'] as const),
]
const VERDICTS = ['none', 'refused', 'failed'] as const
const STREAMS: readonly StreamName[] = ['out', 'in']
export type Verdict = (typeof VERDICTS)[number]

export interface EventFrame {
  readonly kind: SessionEventKind
  readonly verdict: Verdict
  readonly seq: number
  readonly op: number
  readonly at: number
  readonly rows: number
}

export type Frame = { readonly session: SessionId } & (
  | ({ readonly type: 'event'; readonly line: Buffer } & EventFrame)
  | {
      readonly type: 'raw'
      readonly stream: StreamName
      readonly from: number
      readonly at: number
      readonly bytes: Buffer
    }
  | ({ readonly type: 'packed' } & PackedFrame)
  | { readonly type: 'cut'; readonly stream: StreamName; readonly from: number; readonly to: number }
  | { readonly type: 'row'; readonly json: string }
  | { readonly type: 'end' }
)

export interface PackedFrame {
  readonly stream: StreamName
  readonly from: number
  readonly at: number
  readonly rawLength: number
  readonly sha256: Uint8Array
  readonly codec: number
  readonly bytes: Uint8Array
}

const INITIAL_BYTES = 64 * 1024
const KEEP_BYTES = 1024 * 1024

/** Frames of the block that is being filled. Reused: `take` gives a view that the next frame overwrites. */
export class FrameBuffer {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  #length = 0

  get length(): number {
    return this.#length
  }

  #begin(type: number, id: Buffer, most: number): number {
    const needed = this.#length + 5 + id.length + most
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer[this.#length] = type
    this.#buffer.set(id, this.#length + 5)
    return this.#length + 5 + id.length
  }

  #finish(id: Buffer, body: number, end: number): void {
    this.#buffer.writeUInt32BE(end - body + id.length, this.#length + 1)
    this.#length = end
  }

  event(id: Buffer, frame: EventFrame, line: string): void {
    const body = this.#begin(EVENT, id, 26 + line.length * 3)
    const buffer = this.#buffer
    buffer[body] = KINDS.indexOf(frame.kind)
    buffer[body + 1] = VERDICTS.indexOf(frame.verdict)
    buffer.writeUInt32BE(frame.seq, body + 2)
    buffer.writeUInt32BE(frame.op, body + 6)
    buffer.writeDoubleBE(frame.at, body + 10)
    buffer.writeDoubleBE(frame.rows, body + 18)
    this.#finish(id, body, body + 26 + buffer.write(line, body + 26, 'utf8'))
  }

  raw(id: Buffer, stream: StreamName, from: number, at: number, bytes: Uint8Array): void {
    const body = this.#begin(RAW, id, 17 + bytes.length)
    this.#buffer[body] = STREAMS.indexOf(stream)
    this.#buffer.writeDoubleBE(from, body + 1)
    this.#buffer.writeDoubleBE(at, body + 9)
    this.#buffer.set(bytes, body + 17)
    this.#finish(id, body, body + 17 + bytes.length)
  }

  packed(id: Buffer, frame: PackedFrame): void {
    const body = this.#begin(PACKED, id, 54 + frame.bytes.length)
    this.#buffer[body] = STREAMS.indexOf(frame.stream)
    this.#buffer.writeDoubleBE(frame.from, body + 1)
    this.#buffer.writeDoubleBE(frame.at, body + 9)
    this.#buffer.writeUInt32BE(frame.rawLength, body + 17)
    this.#buffer.set(frame.sha256, body + 21)
    this.#buffer[body + 53] = frame.codec
    this.#buffer.set(frame.bytes, body + 54)
    this.#finish(id, body, body + 54 + frame.bytes.length)
  }

  cut(id: Buffer, stream: StreamName, from: number, to: number): void {
    const body = this.#begin(CUT, id, 17)
    this.#buffer[body] = STREAMS.indexOf(stream)
    this.#buffer.writeDoubleBE(from, body + 1)
    this.#buffer.writeDoubleBE(to, body + 9)
    this.#finish(id, body, body + 17)
  }

  row(id: Buffer, json: string): void {
    const body = this.#begin(ROW, id, json.length * 3)
    this.#finish(id, body, body + this.#buffer.write(json, body, 'utf8'))
  }

  /** All frames so far, valid until the next one is added. */
  take(): Buffer {
    const frames = this.#buffer.subarray(0, this.#length)
    this.#length = 0
    if (this.#buffer.length > KEEP_BYTES) this.#buffer = Buffer.allocUnsafe(INITIAL_BYTES)
    return frames
  }
}

/** The last frame of a segment. */
export function endFrame(): Buffer {
  return Buffer.from([END, 0, 0, 0, 1, 0])
}

/** A session's id as frames carry it. */
export function frameId(session: SessionId): Buffer {
  const id = Buffer.from(session, 'latin1')
  return Buffer.concat([Buffer.from([id.length]), id])
}

/** The frames of an opened block. Throws RangeError when they are not what `FrameBuffer` writes. */
export function* readFrames(block: Buffer): Generator<Frame> {
  let at = 0
  while (at < block.length) {
    const type = block.readUInt8(at)
    const end = at + 5 + block.readUInt32BE(at + 1)
    const idLength = block.readUInt8(at + 5)
    const body = at + 6 + idLength
    if (end > block.length || body > end) throw new RangeError('a frame does not fit its block')
    const session = block.toString('latin1', at + 6, body) as SessionId
    yield readFrame(type, session, block.subarray(body, end))
    at = end
  }
}

function readFrame(type: number, session: SessionId, body: Buffer): Frame {
  switch (type) {
    case EVENT:
      return {
        type: 'event',
        session,
        kind: pick(KINDS, body.readUInt8(0)),
        verdict: pick(VERDICTS, body.readUInt8(1)),
        seq: body.readUInt32BE(2),
        op: body.readUInt32BE(6),
        at: body.readDoubleBE(10),
        rows: body.readDoubleBE(18),
        line: body.subarray(26),
      }
    case RAW:
      return {
        type: 'raw',
        session,
        stream: pick(STREAMS, body.readUInt8(0)),
        from: body.readDoubleBE(1),
        at: body.readDoubleBE(9),
        bytes: body.subarray(17),
      }
    case PACKED:
      return {
        type: 'packed',
        session,
        stream: pick(STREAMS, body.readUInt8(0)),
        from: body.readDoubleBE(1),
        at: body.readDoubleBE(9),
        rawLength: body.readUInt32BE(17),
        sha256: body.subarray(21, 53),
        codec: body.readUInt8(53),
        bytes: body.subarray(54),
      }
    case CUT:
      return {
        type: 'cut',
        session,
        stream: pick(STREAMS, body.readUInt8(0)),
        from: body.readDoubleBE(1),
        to: body.readDoubleBE(9),
      }
    case ROW:
      return { type: 'row', session, json: body.toString('utf8') }
    case END:
      return { type: 'end', session }
    default:
      throw new RangeError('unknown frame type')
  }
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError('unknown frame value')
  return item
}
