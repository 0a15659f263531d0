import { SallyportError } from '#lib/domain/errors'
import type { Upstream } from '#proxy/core/ports'
import { Framer, type Framing, NOTHING } from './codec/framer'
import { exceeded, violation } from './codec/violation'
import { connectionFailure } from './upstream-failure'

/** All that a target may send in one stage. More is an attempt to keep the gateway busy. */
const STAGE_BYTES = 1024 * 1024

/** One message of the target: type byte, and where it stands in `buffer` (type byte first). */
export interface TargetMessage {
  readonly type: number
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

/** Longest legal length field by message type (R, S, K, Z, E, N) while a connection starts. */
const LENGTHS: Readonly<Record<number, number>> = {
  82: 8 * 1024,
  83: 16 * 1024,
  75: 12,
  90: 5,
  69: 32 * 1024,
  78: 32 * 1024,
}

export const STARTUP_FRAMING: Framing = {
  check(type, length) {
    const most = LENGTHS[type]
    if (most === undefined) throw violation('the target sent a message that has no place in a sign-in')
    if (length > most) throw violation('the target sent a message that is too long for its type')
  },
  streams: () => false,
}

/** The target's messages, one at a time: for the stages before a session relays them. */
export class TargetInbox {
  readonly #upstream: Upstream
  readonly #framer: Framer
  #chunks: Buffer[] = []
  #current: Buffer = Buffer.alloc(0)
  #received = 0
  #ended: { error: Error | null } | null = null
  #wake: (() => void) | null = null

  readonly #mostBytes: number

  /** `head` are bytes of the target that were read before. */
  constructor(upstream: Upstream, framing: Framing, head: Buffer = Buffer.alloc(0), mostBytes = STAGE_BYTES) {
    this.#upstream = upstream
    this.#mostBytes = mostBytes
    this.#framer = new Framer(framing)
    if (head.length > 0) this.#chunks.push(head)
    upstream.read(
      (chunk) => this.#take(chunk),
      (error) => this.#end({ error }),
    )
  }

  /** The next message, valid until the next call. Rejects when the target breaks the framing, leaves, or `signal` aborts. */
  async next(signal: AbortSignal): Promise<TargetMessage> {
    const rouse = () => this.#rouse()
    signal.addEventListener('abort', rouse)
    try {
      for (;;) {
        if (signal.aborted) throw signal.reason
        if (this.#framer.next() !== NOTHING) return this.#framer
        if (this.#feed()) continue
        if (this.#ended) throw asClosing(this.#ended.error)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      signal.removeEventListener('abort', rouse)
    }
  }

  /** Stops reading; what was received and not handed out. */
  release(): Buffer {
    this.#upstream.pause()
    const begun = this.#current.subarray(this.#current.length - this.#framer.waiting)
    return this.#chunks.length === 0 ? begun : Buffer.concat([begun, ...this.#chunks])
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#received += chunk.length
    if (this.#received > this.#mostBytes) this.#end({ error: exceeded('the target sent too much') })
    this.#rouse()
  }

  #end(ended: { error: Error | null }): void {
    this.#ended ??= ended
    if (ended.error) this.#upstream.pause()
    this.#rouse()
  }

  /** One chunk at a time: then what waits in the framer, once a message is complete, is the end of that chunk. */
  #feed(): boolean {
    const chunk = this.#chunks.shift()
    if (!chunk) return false
    this.#current = chunk
    this.#framer.push(chunk)
    return true
  }

  #rouse(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

function asClosing(error: Error | null): SallyportError {
  if (error instanceof SallyportError) return error
  const code = error && 'code' in error ? String(error.code) : ''
  // In TLS 1.3 a target turns down the gateway's certificate only once the gateway takes TLS for established.
  if (code.startsWith('ERR_SSL'))
    return connectionFailure('the target broke TLS off, perhaps over the client certificate', error)
  return connectionFailure('the target closed the connection', error)
}
