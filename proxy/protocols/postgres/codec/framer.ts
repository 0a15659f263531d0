import { violation } from './violation'

/** What `Framer.next` found. */
export const NOTHING = 0
/** A whole message in `buffer[start, end)`, type byte first. */
const WHOLE = 1
/** A stretch of a long message of a streamed type in `buffer[start, end)`. */
export const PIECE = 2
export type Found = typeof NOTHING | typeof WHOLE | typeof PIECE

/** The rules of one direction. Both throw for a type that does not exist in it or a length it may not have. */
export interface Framing {
  /** Checks a header before anything of the body is awaited. `length` is the wire's: it counts itself, not the type. */
  check(type: number, length: number): void
  /** Whether a long message of this type may be handed out in pieces. */
  streams(type: number): boolean
}

/** Messages of streamed types longer than this are handed out as they arrive instead of being put together. */
const STREAM_FROM = 4096
/** Chunks shorter than this are gathered, so that a peer who sends single bytes cannot cost a buffer for each. */
const SMALL = 4096
const GATHER = 64 * 1024
const EMPTY = Buffer.alloc(0)

/** Whether `next` stands right behind `last` in the same memory. */
function follows(last: Buffer, next: Buffer): boolean {
  return last.buffer === next.buffer && last.byteOffset + last.length === next.byteOffset
}

/**
 * Cuts a byte stream into messages of PostgreSQL's protocol 3 (type, length, body; see "Message Formats"). Whole messages are found
 * in place: only one that is split over chunks is copied, once. Knows types and lengths, nothing of contents.
 */
export class Framer {
  type = 0
  buffer: Buffer = EMPTY
  start = 0
  end = 0
  /** For a piece: where `start` is in its message, and the length of the whole message with its type byte. */
  offset = 0
  total = 0

  #head: Buffer = EMPTY
  #at = 0
  #rest: Buffer[] = []
  #restBytes = 0
  #gather: Buffer = EMPTY
  #gathered = 0
  #missing = 0

  constructor(private readonly framing: Framing) {}

  /** Bytes taken in and not yet handed out. */
  get waiting(): number {
    return this.#head.length - this.#at + this.#restBytes
  }

  /** Buffers that hold what waits. */
  get parts(): number {
    return this.#rest.length + 1
  }

  /** A message has been handed out in part. */
  get underWay(): boolean {
    return this.#missing > 0
  }

  /** The chunk belongs to the framer: messages are views of it. */
  push(chunk: Buffer): void {
    if (this.#at === this.#head.length && this.#rest.length === 0) {
      this.#head = chunk
      this.#at = 0
      return
    }
    if (this.#rest.length === 0 && follows(this.#head, chunk)) {
      this.#head = Buffer.from(chunk.buffer, this.#head.byteOffset, this.#head.length + chunk.length)
      return
    }
    this.#restBytes += chunk.length
    if (chunk.length >= SMALL || this.#rest.length === 0) {
      this.#rest.push(chunk)
      this.#gather = EMPTY
      this.#gathered = 0
      return
    }
    this.#collect(chunk)
  }

  /** Finds the next message. Throws SallyportError when the peer broke the framing: the stream is unusable from then on. */
  next(): Found {
    if (this.#missing > 0) return this.#piece()
    const at = this.#at
    const head = this.#head
    if (head.length - at >= 5) {
      const length = head.readInt32BE(at + 1)
      const type = head.readUInt8(at)
      const end = at + 1 + length
      if (end <= head.length && length >= 4) {
        this.framing.check(type, length)
        this.type = type
        this.buffer = head
        this.start = at
        this.end = end
        this.#at = end
        return WHOLE
      }
    }
    return this.#split()
  }

  #collect(chunk: Buffer): void {
    const fits = this.#gathered > 0 && this.#gathered + chunk.length <= this.#gather.length
    if (!fits) {
      this.#gather = Buffer.allocUnsafe(GATHER)
      this.#gathered = 0
    }
    chunk.copy(this.#gather, this.#gathered)
    this.#gathered += chunk.length
    const view = this.#gather.subarray(0, this.#gathered)
    if (fits) this.#rest[this.#rest.length - 1] = view
    else this.#rest.push(view)
  }

  /** The slow path: the next message is not whole in the current chunk. */
  #split(): Found {
    if (this.waiting < 5) {
      if (this.#rest.length > 0) this.#join(this.waiting)
      return NOTHING
    }
    if (this.#head.length - this.#at < 5) this.#join(5)
    const type = this.#head.readUInt8(this.#at)
    const length = this.#head.readInt32BE(this.#at + 1)
    if (length < 4) throw violation('A message has an impossible length')
    this.framing.check(type, length)
    const total = length + 1
    if (this.waiting >= total) {
      this.#join(total)
      return this.next()
    }
    if (total <= STREAM_FROM || !this.framing.streams(type)) return NOTHING
    this.type = type
    this.total = total
    this.offset = 0
    this.end = 0
    this.#missing = total
    return this.#piece()
  }

  #piece(): Found {
    if (this.#at === this.#head.length && !this.#advance()) return NOTHING
    const size = Math.min(this.#missing, this.#head.length - this.#at)
    this.buffer = this.#head
    this.offset = this.total - this.#missing
    this.start = this.#at
    this.end = this.#at + size
    this.#at += size
    this.#missing -= size
    return PIECE
  }

  #advance(): boolean {
    const next = this.#rest.shift()
    if (next === undefined) return false
    if (this.#rest.length === 0) this.#release()
    this.#restBytes -= next.length
    this.#head = next
    this.#at = 0
    return true
  }

  /** Makes the next `size` bytes (which have arrived) contiguous at the start of the current chunk. */
  #join(size: number): void {
    if (this.#at === this.#head.length) this.#advance()
    const have = this.#head.length - this.#at
    if (have >= size) return
    const joined = Buffer.allocUnsafe(size)
    this.#head.copy(joined, 0, this.#at)
    let filled = have
    let used = 0
    while (filled < size) {
      const part = this.#rest[used]
      if (part === undefined) break
      const take = Math.min(part.length, size - filled)
      part.copy(joined, filled, 0, take)
      filled += take
      this.#restBytes -= take
      if (take < part.length) this.#rest[used] = part.subarray(take)
      else used++
    }
    this.#rest.splice(0, used)
    this.#release()
    this.#head = joined
    this.#at = 0
  }

  #release(): void {
    this.#gather = EMPTY
    this.#gathered = 0
  }
}
