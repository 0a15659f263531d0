import type { StreamName } from '#lib/domain/event'
import type { Packed, Packer } from './gate-packer'

/** Longest piece of a stream that is packed (and stored) as one. */
export const PIECE_BYTES = 256 * 1024

/** A piece of a stream that takes a while to pack. */
interface Piece {
  readonly stream: StreamName
  readonly from: number
  parts: Uint8Array[]
  rawLength: number
  started: boolean
  packed: Packed | null
  /** What may happen once the piece is in the spool. */
  readonly after: (() => void)[]
}

export interface LanePiece extends Packed {
  readonly stream: StreamName
  readonly from: number
  readonly rawLength: number
}

/**
 * Keeps one session's record in order while pieces of it are packed elsewhere. Empty most of the time; while it is not, everything
 * the session records or releases queues behind.
 */
export class Lane {
  readonly #packer: Packer
  readonly #append: (piece: LanePiece) => void
  readonly #failed: (error: unknown) => void
  #entries: (Piece | (() => void))[] = []
  #idle: (() => void)[] = []

  constructor(packer: Packer, append: (piece: LanePiece) => void, failed: (error: unknown) => void) {
    this.#packer = packer
    this.#append = append
    this.#failed = failed
  }

  get empty(): boolean {
    return this.#entries.length === 0
  }

  push(task: () => void): void {
    this.#entries.push(task)
  }

  /** Queues `bytes` for packing, then `after`. Joins the piece before when that has not started yet. */
  pack(stream: StreamName, from: number, bytes: Uint8Array, after: () => void): void {
    const last = this.#entries.at(-1)
    if (last !== undefined && typeof last !== 'function' && !last.started && last.stream === stream) {
      if (last.rawLength + bytes.length <= PIECE_BYTES) {
        last.parts.push(bytes)
        last.rawLength += bytes.length
        last.after.push(after)
        return
      }
    }
    const entry: Piece = {
      stream,
      from,
      parts: [bytes],
      rawLength: bytes.length,
      started: false,
      packed: null,
      after: [after],
    }
    this.#entries.push(entry)
    this.#start(entry)
  }

  #start(entry: Piece): void {
    this.#packer
      .pack(() => {
        entry.started = true
        const [only, ...more] = entry.parts
        return only !== undefined && more.length === 0 ? only : Buffer.concat(entry.parts)
      })
      .then((packed) => {
        entry.packed = packed
        this.#drain()
      })
      .catch((error: unknown) => this.#failed(error))
  }

  #drain(): void {
    for (;;) {
      const head = this.#entries[0]
      if (head === undefined) break
      if (typeof head === 'function') {
        this.#entries.shift()
        head()
        continue
      }
      if (head.packed === null) return
      this.#entries.shift()
      this.#append({ ...head.packed, stream: head.stream, from: head.from, rawLength: head.rawLength })
      for (const task of head.after) task()
    }
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  /** Resolves once everything queued so far was recorded, or dropped. */
  async whenEmpty(): Promise<void> {
    if (!this.empty) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Drops all that is queued. */
  clear(): void {
    this.#entries = []
    this.#drain()
  }
}
