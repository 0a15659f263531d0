/** One backend message: its type byte and its body without the length. */
export interface BackendMessage {
  readonly type: string
  readonly body: Uint8Array
}

const HEADER_BYTES = 5

/**
 * Cuts a recorded byte stream into messages (PostgreSQL protocol 3.0, section "Message Flow"), whatever the chunks. Bodies that
 * `wants` declines are passed over without being held in memory, and come out with an empty body.
 */
export class MessageStream {
  #pieces: Uint8Array[] = []
  #heldBytes = 0
  /** Bytes without which the held ones cannot be read on. */
  #needed = 0
  #skip = 0
  /** True once the bytes were not messages; everything after is ignored. */
  damaged = false
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** True when a message has begun and not ended. */
  get midway(): boolean {
    return this.#skip > 0 || this.#heldBytes > 0
  }

  *feed(chunk: Uint8Array, wants: (type: string, bytes: number) => boolean): Generator<BackendMessage> {
    let data = this.#take(chunk)
    while (data.length > 0 && !this.damaged) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, data.length)
        this.#skip -= passed
        data = data.subarray(passed)
        continue
      }
      if (data.length < HEADER_BYTES) return this.#hold(data, HEADER_BYTES)
      const type = String.fromCharCode(data[0] ?? 0)
      const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getInt32(1)
      if (length < 4 || length > this.#maxBytes || !/^[A-Za-z0-9]$/.test(type)) {
        this.damaged = true
        return
      }
      if (!wants(type, length - 4)) {
        this.#skip = length + 1
        yield { type, body: new Uint8Array() }
        continue
      }
      if (data.length < length + 1) return this.#hold(data, length + 1)
      yield { type, body: data.subarray(HEADER_BYTES, length + 1) }
      data = data.subarray(length + 1)
    }
  }

  /** What is held, joined with `chunk`; nothing while that is still too little. */
  #take(chunk: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return chunk
    this.#hold(chunk, this.#needed)
    if (this.#heldBytes < this.#needed) return new Uint8Array()
    const joined = new Uint8Array(this.#heldBytes)
    let at = 0
    for (const piece of this.#pieces) {
      joined.set(piece, at)
      at += piece.length
    }
    this.#pieces = []
    this.#heldBytes = 0
    return joined
  }

  #hold(data: Uint8Array, needed: number): void {
    this.#pieces.push(data.slice())
    this.#heldBytes += data.length
    this.#needed = needed
  }
}
