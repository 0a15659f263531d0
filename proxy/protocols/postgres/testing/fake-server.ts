import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { KeyPairPem } from '#lib/crypto/certificates'

/** One end of a socket, scripted: reads what it waits for, says what it is told to. */
export class Peer {
  #socket: Socket
  #held: Buffer = Buffer.alloc(0)
  #ended = false
  #wake: (() => void) | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  get socket(): Socket {
    return this.#socket
  }

  /** The next `size` bytes. Rejects when the other side closes first. */
  async read(size: number): Promise<Buffer> {
    while (this.#held.length < size) {
      if (this.#ended) throw new Error(`closed with ${this.#held.length} of ${size} bytes`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const bytes = this.#held.subarray(0, size)
    this.#held = this.#held.subarray(size)
    return bytes
  }

  /** The next message: its type letter and body. */
  async message(): Promise<{ type: string; body: Buffer }> {
    const head = await this.read(5)
    return { type: head.toString('latin1', 0, 1), body: await this.read(head.readInt32BE(1) - 4) }
  }

  /** The next packet without a type: its code and body. */
  async packet(): Promise<{ code: number; body: Buffer }> {
    const head = await this.read(8)
    return { code: head.readInt32BE(4), body: await this.read(head.readInt32BE(0) - 8) }
  }

  /** Everything until the other side closes. */
  async rest(): Promise<Buffer> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const bytes = this.#held
    this.#held = Buffer.alloc(0)
    return bytes
  }

  say(...parts: readonly (Uint8Array | string)[]): void {
    for (const part of parts) this.#socket.write(part)
  }

  end(): void {
    this.#socket.end()
  }

  /** Goes on as a TLS server. */
  async serveTls(pair: KeyPairPem, options: { ca?: string } = {}): Promise<void> {
    const { cert, key } = pair
    const { ca } = options
    this.#socket.removeAllListeners()
    const secure = new TLSSocket(this.#socket, {
      isServer: true,
      secureContext: createSecureContext({ cert, key, ...(ca === undefined ? {} : { ca }) }),
      requestCert: ca !== undefined,
      rejectUnauthorized: ca !== undefined,
    })
    this.#socket = secure
    this.#listen(secure)
    await once(secure, 'secure')
  }

  /** Goes on over another stream, such as the TLS one the test has put on top. */
  upgrade(socket: Socket): void {
    this.#socket.removeAllListeners('data')
    this.#socket = socket
    this.#listen(socket)
  }

  #listen(socket: Socket): void {
    const gone = () => {
      this.#ended = true
      this.#rouse()
    }
    socket.on('error', gone)
    socket.on('close', gone)
    socket.on('end', gone)
    socket.on('data', (chunk: Buffer) => {
      this.#held = Buffer.concat([this.#held, chunk])
      this.#rouse()
    })
  }

  #rouse(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

export interface FakeServer {
  readonly port: number
  /** How each connection was served; rejects when its script did. */
  readonly served: Promise<void>[]
  close(): Promise<void>
}

/** A target on loopback: connection number n is served by script n, the last script by all that follow. */
export async function fakeServer(...scripts: readonly ((peer: Peer) => Promise<void>)[]): Promise<FakeServer> {
  const served: Promise<void>[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const script = scripts[Math.min(served.length, scripts.length - 1)]
    const run = script?.(new Peer(socket)) ?? Promise.resolve()
    run.catch(() => undefined)
    served.push(run)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    served,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
