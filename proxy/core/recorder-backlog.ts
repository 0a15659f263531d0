import type { Clock } from '#lib/domain/clock'
import type { RecordingMode } from '#lib/domain/connection'

export interface BacklogLimits {
  /** What the spool takes while the store is away. */
  readonly spoolBytes: number
  /** How old an unshipped record may get meanwhile. */
  readonly spoolMs: number
}

/** Marks are no finer than this. */
const MARK_MS = 500

/** What is in the spool and not yet in the store, how old it is, and what follows from that. */
export class Backlog {
  readonly #clock: Clock
  readonly #limits: BacklogLimits
  /** When the first block after `block` may have been written. Oldest first. */
  #marks: { readonly block: number; readonly atMs: number }[] = []
  #written = 0
  #shipped = 0
  #committed = 0
  #storeUp = false

  constructor(clock: Clock, limits: BacklogLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Number of the last block that is in the store, as is every block before it. */
  get committed(): number {
    return this.#committed
  }

  get storeUp(): boolean {
    return this.#storeUp
  }

  get bytes(): number {
    return this.#written - this.#shipped
  }

  /** Readers of targets wait: the store takes less than comes in, or nothing at all. */
  get congested(): boolean {
    return this.bytes > (this.#storeUp ? this.#limits.spoolBytes / 2 : this.#limits.spoolBytes)
  }

  /** Refusals are recorded only as long as that cannot fill the disk. */
  get roomForRefusals(): boolean {
    return this.bytes <= this.#limits.spoolBytes
  }

  wrote(total: number, block: number): void {
    this.#written = total
    const now = this.#clock.monotonicMs()
    const last = this.#marks.at(-1)
    if (last === undefined || now - last.atMs >= MARK_MS) this.#marks.push({ block, atMs: now })
  }

  shipped(total: number, block: number): void {
    this.#shipped = total
    this.#committed = block
    this.#marks = this.#marks.filter((mark) => mark.block > block)
    if (this.#marks.length === 0 && this.bytes > 0) this.#marks.push({ block, atMs: this.#clock.monotonicMs() })
  }

  store(up: boolean): void {
    this.#storeUp = up
  }

  /** Why commands are refused, for people; null when they are not. */
  refusal(recording: RecordingMode): string | null {
    if (this.#storeUp) return null
    if (recording === 'strict')
      return 'The store cannot be reached, and this connection records before it runs anything. Try again later.'
    const oldest = this.#marks[0]
    const tooOld = oldest !== undefined && this.#clock.monotonicMs() - oldest.atMs > this.#limits.spoolMs
    if (!tooOld && this.bytes <= this.#limits.spoolBytes) return null
    return 'The store cannot be reached and the local spool takes no more commands. Try again later.'
  }
}
