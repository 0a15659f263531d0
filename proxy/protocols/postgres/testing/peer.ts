import type { Duplex } from 'node:stream'

export interface Received {
  readonly type: string
  readonly body: Buffer
  /** The message as it came, header and all. */
  readonly bytes: Buffer
}

/** One end of a connection in a test: takes messages apart and lets the test await them. */
export class Peer {
  readonly received: Received[] = []
  ended = false
  #buffer = Buffer.alloc(0)
  #taken = 0
  #wake: (() => void)[] = []

  constructor(readonly stream: Duplex) {
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
    const end = () => {
      this.ended = true
      this.#notify()
    }
    stream.on('end', end)
    stream.on('close', end)
    stream.on('error', end)
  }

  send(...messages: Buffer[]): void {
    this.stream.write(Buffer.concat(messages))
  }

  /** The next message that was not taken yet. Rejects when the stream ends first. */
  async next(): Promise<Received> {
    for (;;) {
      const message = this.received[this.#taken]
      if (message !== undefined) {
        this.#taken++
        return message
      }
      if (this.ended) throw new Error('the stream ended')
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
  }

  /** Takes messages up to and including the first of `type`; returns their types as one string. */
  async until(type: string): Promise<string> {
    let types = ''
    while (!types.endsWith(type)) types += (await this.next()).type
    return types
  }

  /** Resolves with the types of everything that is left once the other side has closed. */
  async closed(): Promise<string> {
    let types = ''
    try {
      for (;;) types += (await this.next()).type
    } catch {
      return types
    }
  }

  /** Whether a message is nothing that a test is to see. */
  protected swallows(_: Received): boolean {
    return false
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk])
    for (;;) {
      if (this.#buffer.length < 5) break
      const length = this.#buffer.readInt32BE(1) + 1
      if (this.#buffer.length < length) break
      const bytes = this.#buffer.subarray(0, length)
      const message = { type: bytes.toString('latin1', 0, 1), body: bytes.subarray(5), bytes }
      this.#buffer = this.#buffer.subarray(length)
      if (!this.swallows(message)) this.received.push(message)
    }
    this.#notify()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = []
    for (const resolve of wake) resolve()
  }
}
