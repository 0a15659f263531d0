import { hash } from 'node:crypto'
import type { StreamName } from '#lib/domain/event'
import type { PackedFrame } from '#proxy/core/spool-frames'
import { pack } from './shipper-pack'
import type { ChunkRow } from './shipper-rows'
import { SpoolGap } from './spool-gap'

const CHUNK_BYTES = 256 * 1024

/** Collects the chunks of one stream. */
export class StreamGain {
  readonly #stream: StreamName
  readonly #chunks: ChunkRow[] = []
  #parts: Uint8Array[] = []
  #bytes = 0
  #at = 0
  /** Where the stream ends now. */
  to: number

  constructor(stream: StreamName, to: number) {
    this.#stream = stream
    this.to = to
  }

  raw(from: number, at: number, bytes: Uint8Array): void {
    if (!this.#isNext(from, from + bytes.length)) return
    if (this.#bytes > 0 && this.#bytes + bytes.length > CHUNK_BYTES) this.#flush()
    if (this.#bytes === 0) this.#at = at
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    this.to += bytes.length
  }

  packed(frame: Omit<PackedFrame, 'stream'>): void {
    const to = frame.from + frame.rawLength
    if (!this.#isNext(frame.from, to)) return
    this.#flush()
    const { from, at, codec, bytes: data, sha256 } = frame
    this.#chunks.push({ stream: this.#stream, from, to, at, codec, data, sha256 })
    this.to = to
  }

  /** Bytes that passed but were not kept. */
  skip(from: number, to: number): void {
    if (!this.#isNext(from, to)) return
    this.#flush()
    this.to = to
  }

  finish(): readonly ChunkRow[] {
    this.#flush()
    return this.#chunks
  }

  #isNext(from: number, to: number): boolean {
    if (to <= this.to) return false
    if (from !== this.to) throw new SpoolGap(`byte ${from} of ${this.#stream} follows ${this.to}`)
    return true
  }

  #flush(): void {
    if (this.#bytes === 0) return
    const raw = Buffer.concat(this.#parts, this.#bytes)
    const packed = pack(raw)
    const sha256 = hash('sha256', packed.data, 'buffer')
    const from = this.to - this.#bytes
    this.#chunks.push({ stream: this.#stream, from, to: this.to, at: this.#at, ...packed, sha256 })
    this.#parts = []
    this.#bytes = 0
  }
}
