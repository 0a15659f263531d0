import { type OnReadOpts, Socket } from 'node:net'

/** What one read of a socket may bring. */
const RECEIVE_BYTES = 256 * 1024
/** Reads shorter than this share pieces of a common buffer. */
const SMALL_BYTES = 16 * 1024
const SHARED_BYTES = 64 * 1024

/**
 * Where all plain sockets of a worker are read into; what came is copied out at once. Left alone, Node takes 64 KiB from the heap for
 * every read, however short, and its collector gives them back one by one.
 */
export class Receiver {
  readonly #bytes = Buffer.allocUnsafeSlow(RECEIVE_BYTES)
  #shared = Buffer.allocUnsafeSlow(SHARED_BYTES)
  #used = 0

  /** For a socket that is about to be made: `socket` gives it once it is. Its `data` events come as ever. */
  onread(socket: () => Socket): OnReadOpts {
    return { buffer: this.#bytes, callback: (length) => socket().push(this.#take(length)) }
  }

  #take(length: number): Buffer {
    if (length >= SMALL_BYTES) {
      const copy = Buffer.allocUnsafeSlow(length)
      this.#bytes.copy(copy, 0, 0, length)
      return copy
    }
    if (this.#used + length > this.#shared.length) {
      this.#shared = Buffer.allocUnsafeSlow(SHARED_BYTES)
      this.#used = 0
    }
    const from = this.#used
    this.#used += length
    this.#bytes.copy(this.#shared, from, 0, length)
    return this.#shared.subarray(from, this.#used)
  }

  /** An accepted socket that was not read yet (`pauseOnConnect`), read this way; the one given is done with. */
  adopt(accepted: Socket): Socket {
    const internals = accepted as unknown as { _handle: { reading: boolean } | null }
    const handle = internals._handle
    if (handle === null) return accepted
    internals._handle = null
    const socket: Socket = new Socket({ handle, onread: this.onread(() => socket), manualStart: true } as object)
    return socket
  }
}
