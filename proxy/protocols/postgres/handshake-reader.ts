import type { Socket } from 'node:net'

/** A client that has not signed in may have this much waiting; beyond it the socket is not read. */
const HELD_BYTES = 16 * 1024

/** Reads a client's socket piece by piece, before there is a session. One `take` or `peek` at a time. */
export class ClientReader {
  readonly #socket: Socket
  #held: Buffer = Buffer.alloc(0)
  #gone = false
  #wake: (() => void) | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('end', this.#onGone)
    socket.on('close', this.#onGone)
  }

  /** Bytes that arrived and were not taken. */
  get held(): number {
    return this.#held.length
  }

  /** The next `size` bytes; null when the client is gone before they came, or `stop` was called. */
  async take(size: number): Promise<Buffer | null> {
    const bytes = await this.peek(size)
    if (bytes) this.#held = this.#held.subarray(size)
    return bytes
  }

  /** Like `take`, leaving the bytes where they are. */
  async peek(size: number): Promise<Buffer | null> {
    while (this.#held.length < size && !this.#gone) {
      this.#socket.resume()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#held.length < size ? null : this.#held.subarray(0, size)
  }

  /** Makes whoever waits stop waiting. */
  stop(): void {
    this.#onGone()
  }

  /** Stops reading and gives what was read and not taken. The socket is paused. */
  release(): Buffer {
    this.#socket.pause()
    this.#socket.off('data', this.#onData)
    this.#socket.off('end', this.#onGone)
    this.#socket.off('close', this.#onGone)
    const rest = this.#held
    this.#held = Buffer.alloc(0)
    return rest
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    if (this.#held.length >= HELD_BYTES) this.#socket.pause()
    this.#rouse()
  }

  readonly #onGone = (): void => {
    this.#gone = true
    this.#rouse()
  }

  #rouse(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
