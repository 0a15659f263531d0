import type { Socket } from 'node:net'
import type { Clock } from '#lib/domain/clock'
import { SallyportError } from '#lib/domain/errors'
import type { Aside, Dialled, TlsPeer, Upstream, UpstreamTls, UpstreamWriter } from './ports'
import { readChunks } from './receive'
import type { Trust } from './trust'
import { encrypt } from './upstream-tls'

/** What `aside` lets through over its life: a request for TLS and a cancel request. */
const ASIDE_BYTES = 32

export interface UpstreamParts {
  /** Connected, never read. */
  readonly socket: Socket
  /** The checked address that it is connected to. */
  readonly address: string
  /** Connects to that address once more. */
  connect(): Promise<Socket>
  readonly clock: Clock
  readonly trust: Trust
}

/** A connected socket as its two sides. The writer goes to the gate, the rest to the protocol. */
export function createUpstream(parts: UpstreamParts): Dialled {
  const line = new TargetLine(parts)
  const writer: UpstreamWriter = {
    write: (bytes) => line.write(bytes),
    onDrain: (listener) => line.onDrain(listener),
    end: () => line.end(),
  }
  return { upstream: reader(line, parts), writer }
}

/** The reading side as an object of its own, so that nothing that holds it can come by `write`. */
function reader(line: TargetLine, parts: UpstreamParts): Upstream {
  return {
    address: parts.address,
    read: (onData, onEnd) => line.read(onData, onEnd),
    pause: () => line.pause(),
    resume: () => line.resume(),
    startTls: (options) => line.startTls(options),
    reconnect: async () => line.replace(await parts.connect()),
    aside: async () => aside({ ...parts, socket: await parts.connect() }),
    destroy: () => line.destroy(),
  }
}

function aside(parts: UpstreamParts): Aside {
  const { upstream, writer } = createUpstream(parts)
  let left = ASIDE_BYTES
  return {
    upstream,
    send: (bytes) => {
      left -= bytes.length
      if (left < 0) throw new SallyportError('internal', 'A side connection carries a cancel request only')
      writer.write(bytes)
    },
  }
}

type OnData = (chunk: Buffer) => void
type OnEnd = (error: Error | null) => void

/** One target's socket over its life: plain, then perhaps TLS, perhaps replaced. Nobody else listens to it. */
class TargetLine {
  #socket: Socket
  #stopReading: () => void = () => undefined
  #onEnd: OnEnd | null = null
  #onDrain: () => void = () => undefined
  #ended: { error: Error | null } | null = null
  readonly #parts: UpstreamParts

  constructor(parts: UpstreamParts) {
    this.#socket = parts.socket
    this.#parts = parts
    this.#adopt(parts.socket)
  }

  read(onData: OnData, onEnd: OnEnd): void {
    this.#stopReading()
    this.#onEnd = onEnd
    this.#stopReading = readChunks(this.#socket, onData)
    this.#socket.resume()
    const ended = this.#ended
    if (ended) queueMicrotask(() => this.#tellEnd(ended.error))
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  write(bytes: Uint8Array): boolean {
    return this.#ended || !this.#socket.writable ? true : this.#socket.write(bytes)
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  end(): void {
    this.#socket.end()
  }

  async startTls(options: UpstreamTls): Promise<TlsPeer> {
    const plain = this.#socket
    if (this.#ended) throw new SallyportError('target_refused', 'the target closed the connection before TLS began')
    if (plain.readableLength > 0)
      throw new SallyportError('target_refused', 'the target sent data before TLS began, which no honest server does')
    this.#drop()
    const { socket, peer } = await encrypt(plain, options, this.#parts)
    this.#socket = socket
    this.#adopt(socket)
    return peer
  }

  replace(socket: Socket): void {
    const old = this.#socket
    this.#drop()
    old.destroy()
    this.#ended = null
    this.#socket = socket
    this.#adopt(socket)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #adopt(socket: Socket): void {
    const current = (act: () => void) => () => {
      if (socket === this.#socket) act()
    }
    socket.pause()
    socket.on('error', (error) => current(() => this.#end(error))())
    socket.on(
      'end',
      current(() => this.#end(null)),
    )
    socket.on(
      'close',
      current(() => {
        this.#end(null)
        this.#onDrain()
      }),
    )
    socket.on(
      'drain',
      current(() => this.#onDrain()),
    )
  }

  /** Stops listening to what comes; an error of the dropped socket is nobody's business. */
  #drop(): void {
    const socket = this.#socket
    socket.pause()
    this.#stopReading()
    this.#onEnd = null
  }

  #end(error: Error | null): void {
    if (this.#ended) return
    this.#ended = { error }
    this.#tellEnd(error)
  }

  #tellEnd(error: Error | null): void {
    const onEnd = this.#onEnd
    this.#onEnd = null
    onEnd?.(error)
  }
}
