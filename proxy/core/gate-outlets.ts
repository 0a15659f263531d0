import type { OperationPermit } from './gate-permit'
import type { Durability, UpstreamWriter } from './ports'

/** What a gate may hold back for one client before the target's reader has to wait. */
export const CLIENT_BUDGET_BYTES = 2 * 1024 * 1024
/** What a gate may hold back for one target before the client's reader has to wait. */
export const UPSTREAM_BUDGET_BYTES = 1024 * 1024
const JOIN_BYTES = 64 * 1024
/** Entries that were sent stay in the queue until there are this many. */
const COMPACT_AFTER = 1_024

/** The client's socket, as far as the gate uses it. */
export interface ClientWriter {
  /** False: the socket is full. Writes to a socket that is gone are dropped. */
  write(bytes: Uint8Array): boolean
  /** Sets the one listener for "can be written again" and for "is gone". */
  onDrain(listener: () => void): void
}

/** Bytes on their way to the client that are in the record already, or will be with the block being filled. */
export class ClientOutlet {
  readonly #writer: ClientWriter
  #held: Uint8Array[] = []
  #heldBytes = 0
  #unsent = 0

  constructor(writer: ClientWriter, drained: () => void) {
    this.#writer = writer
    writer.onDrain(() => {
      this.#unsent = 0
      drained()
    })
  }

  /** Bytes held here or in the socket. */
  get load(): number {
    return this.#heldBytes + this.#unsent
  }

  get holding(): boolean {
    return this.#held.length > 0
  }

  hold(bytes: Uint8Array): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  /** Everything held is recorded: hands it over. */
  release(): void {
    const held = this.#held
    const [first] = held
    if (first === undefined) return
    const bytes = this.#heldBytes
    this.#held = []
    this.#heldBytes = 0
    if (held.length === 1) this.write(first)
    else if (bytes <= JOIN_BYTES) this.write(Buffer.concat(held, bytes))
    else for (const part of held) this.write(part)
  }

  write(bytes: Uint8Array): void {
    if (this.#writer.write(bytes)) this.#unsent = 0
    else this.#unsent += bytes.length
  }

  drop(): void {
    this.#held = []
    this.#heldBytes = 0
  }
}

/** A write to the target and what must be safe before it: block `block`, in the sense of `durability`. */
export interface Release {
  readonly bytes: Uint8Array
  readonly block: number
  readonly durability: Durability
  readonly operations: readonly OperationPermit[]
}

/** Bytes on their way to the target, in order: a later read never overtakes an earlier write. */
export class UpstreamOutlet {
  #queue: Release[] = []
  /** What stands before it in the queue is sent: taking from the front of an array of 50,000 rows would cost its length each time. */
  #head = 0
  readonly #drained: () => void
  #writer: UpstreamWriter | null = null
  #held = 0
  #unsent = 0

  constructor(drained: () => void) {
    this.#drained = drained
  }

  get load(): number {
    return this.#held + this.#unsent
  }

  get waiting(): boolean {
    return this.#head < this.#queue.length
  }

  attach(writer: UpstreamWriter): void {
    this.#writer = writer
    writer.onDrain(() => {
      this.#unsent = 0
      this.#drained()
    })
  }

  push(release: Release): void {
    this.#queue.push(release)
    this.#held += release.bytes.length
  }

  /** Sends from the front all that `safe` allows; small pieces of one operation's data in one write. */
  pump(safe: (release: Release) => boolean): void {
    if (this.#writer === null) return
    let ready: Uint8Array[] = []
    let bytes = 0
    let whose: OperationPermit | undefined
    for (let next = this.#queue[this.#head]; next !== undefined && safe(next); next = this.#queue[this.#head]) {
      this.#head += 1
      for (const operation of next.operations) operation.sent = true
      if (next.operations[0] !== whose || bytes + next.bytes.length > JOIN_BYTES) {
        this.#write(ready, bytes)
        ready = []
        bytes = 0
        whose = next.operations[0]
      }
      ready.push(next.bytes)
      bytes += next.bytes.length
    }
    this.#write(ready, bytes)
    this.#compact()
  }

  /** Nothing more goes to the target. */
  drop(): void {
    this.#forget()
    this.#held = 0
    this.#unsent = 0
    this.#writer = null
  }

  #write(parts: readonly Uint8Array[], bytes: number): void {
    const [first] = parts
    if (first === undefined || this.#writer === null) return
    this.#held -= bytes
    const written = this.#writer.write(parts.length === 1 ? first : Buffer.concat(parts, bytes))
    if (written) this.#unsent = 0
    else this.#unsent += bytes
  }

  #compact(): void {
    if (this.#head === this.#queue.length) this.#forget()
    else if (this.#head > COMPACT_AFTER && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #forget(): void {
    this.#queue = []
    this.#head = 0
  }
}
