import type { SessionEventKind, StreamName } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'

/**
 * What a block holds once opened: frames, one after the other.
 *
 *   frame: type u8 · body length u32 · id length u8 · session id · body
 *   event  (1): kind u8 · verdict u8 · seq u32 · op u32 · at f64 · rows f64 · line
 *   raw    (2): stream u8 · from f64 · at f64 · bytes
 *   packed (3): stream u8 · from f64 · at f64 · raw length u32 · SHA-256 of the bytes 32 · codec u8 · bytes
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
const TYPES = ['event', 'raw', 'packed', 'cut', 'row', 'end'] as const
type FrameType = (typeof TYPES)[number]

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

/**
 * Walks the frames of opened blocks in place. `event`, `stream` and the like may be asked only of frames of that type. Throws RangeError
 * where a block is not what `FrameBuffer` writes.
 */
export class FrameCursor {
  block: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  #body = 0

  /** Stands before the first frame of `block`. */
  open(block: Buffer): void {
    this.block = block
    this.start = 0
    this.end = 0
  }

  /** Goes to the next frame; false at the end of the block. */
  next(): boolean {
    if (this.end >= this.block.length) return false
    this.at(this.block, this.end)
    return true
  }

  /** Stands on the frame that starts at `start` of `block`. */
  at(block: Buffer, start: number): void {
    this.block = block
    this.start = start
    this.end = start + 5 + block.readUInt32BE(start + 1)
    this.#body = start + 6 + block.readUInt8(start + 5)
    if (this.end > block.length || this.#body > this.end) throw new RangeError('a frame does not fit its block')
  }

  get type(): FrameType {
    return pick(TYPES, (this.block[this.start] ?? 0) - 1)
  }

  get session(): SessionId {
    return this.block.toString('latin1', this.start + 6, this.#body) as SessionId
  }

  get kind(): SessionEventKind {
    return pick(KINDS, this.block[this.#body] ?? KINDS.length)
  }

  get verdict(): Verdict {
    return pick(VERDICTS, this.block[this.#body + 1] ?? VERDICTS.length)
  }

  get seq(): number {
    return this.block.readUInt32BE(this.#body + 2)
  }

  get op(): number {
    return this.block.readUInt32BE(this.#body + 6)
  }

  get rows(): number {
    return this.block.readDoubleBE(this.#body + 18)
  }

  /** Milliseconds since 1970, of an event or of stream bytes. */
  get time(): number {
    return this.block.readDoubleBE(this.#body + (this.block[this.start] === EVENT ? 10 : 9))
  }

  /** Where an event's line starts; it ends with the frame. */
  get lineStart(): number {
    return this.#body + 26
  }

  get stream(): StreamName {
    return pick(STREAMS, this.block[this.#body] ?? STREAMS.length)
  }

  get from(): number {
    return this.block.readDoubleBE(this.#body + 1)
  }

  /** Where the range of a cut ends. */
  get cutTo(): number {
    return this.block.readDoubleBE(this.#body + 9)
  }

  get raw(): Buffer {
    return this.block.subarray(this.#body + 17, this.end)
  }

  get packed(): Pick<PackedFrame, 'rawLength' | 'sha256' | 'codec' | 'bytes'> {
    const { block, end } = this
    const body = this.#body
    return {
      rawLength: block.readUInt32BE(body + 17),
      sha256: block.subarray(body + 21, body + 53),
      codec: block.readUInt8(body + 53),
      bytes: block.subarray(body + 54, end),
    }
  }

  /** Text of an event's line or of a row. */
  get text(): string {
    return this.block.toString('utf8', this.block[this.start] === EVENT ? this.lineStart : this.#body, this.end)
  }
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError('unknown frame value')
  return item
}
