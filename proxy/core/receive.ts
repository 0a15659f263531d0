import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'

/** What one read of a socket may bring. */
const RECEIVE_BYTES = 256 * 1024
/** Shorter reads share smaller slabs, so that a few bytes that are kept for long keep little memory. */
const SMALL_BYTES = 2 * 1024
const SMALL_SLAB_BYTES = 64 * 1024
const LARGE_SLAB_BYTES = 512 * 1024

/** Memory that received bytes are laid down in, one behind the other. */
class Slab {
  #bytes: Buffer
  #used = 0

  constructor(private readonly size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size)
  }

  copy(source: Buffer, length: number): Buffer {
    if (this.#used + length > this.size) {
      this.#bytes = Buffer.allocUnsafeSlow(this.size)
      this.#used = 0
    }
    const from = this.#used
    this.#used += length
    source.copy(this.#bytes, from, 0, length)
    return this.#bytes.subarray(from, this.#used)
  }
}

/**
 * Where all plain sockets of a worker are read into; what came is copied out at once, behind what came before it. Left alone, Node takes
 * 64 KiB from the heap for every read, however short, and its collector gives them back one by one.
 */
export class Receiver {
  readonly #bytes = Buffer.allocUnsafeSlow(RECEIVE_BYTES)
  readonly #small = new Slab(SMALL_SLAB_BYTES)
  readonly #large = new Slab(LARGE_SLAB_BYTES)

  /** A socket that is not connected yet. */
  socket(options: SocketConstructorOpts = {}): ReceivingSocket {
    const onread: OnReadOpts = { buffer: this.#bytes, callback: (length) => socket.receive(this.#take(length)) }
    const all: SocketConstructorOpts & { readonly onread: OnReadOpts } = { ...options, onread }
    const socket: ReceivingSocket = new ReceivingSocket(all)
    return socket
  }

  /** An accepted socket that was not read yet (`pauseOnConnect`), read this way; the one given is done with. */
  adopt(accepted: Socket): Socket {
    const internals = accepted as unknown as { _handle: { reading: boolean } | null }
    const handle = internals._handle
    if (handle === null) return accepted
    internals._handle = null
    return this.socket({ handle, manualStart: true } as SocketConstructorOpts)
  }

  #take(length: number): Buffer {
    return (length < SMALL_BYTES ? this.#small : this.#large).copy(this.#bytes, length)
  }
}

/** A plain socket that is read through a Receiver. */
class ReceivingSocket extends Socket {
  /** Gets what comes, past the stream's queue; null: `data` events as ever. */
  sink: ((chunk: Buffer) => void) | null = null

  /** False: read no more for now. */
  receive(chunk: Buffer): boolean {
    if (this.sink === null) return this.push(chunk)
    this.sink(chunk)
    return true
  }
}

/**
 * Gives `listener` all that comes in on `socket`: what waits in its queue as `data` events, what is read from here on directly where the
 * socket allows it. Pausing and resuming stay the socket's. Returns how to stop.
 */
export function readChunks(socket: Socket, listener: (chunk: Buffer) => void): () => void {
  socket.on('data', listener)
  if (socket instanceof ReceivingSocket) socket.sink = listener
  return () => {
    socket.off('data', listener)
    if (socket instanceof ReceivingSocket && socket.sink === listener) socket.sink = null
  }
}
