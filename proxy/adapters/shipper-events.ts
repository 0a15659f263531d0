import { ChainLinker, chainStart } from '#lib/crypto/chain'
import type { SessionClosed } from '#lib/domain/event'
import type { FrameCursor } from '#proxy/core/spool-frames'
import { pack } from './shipper-pack'
import type { BatchRow, SessionMark } from './shipper-rows'
import { SpoolGap } from './spool-gap'

/** Batches are no longer than a reader should have to unpack. */
const BATCH_BYTES = 512 * 1024
const FIRST_BYTES = 16 * 1024
const LINE_END = 0x0a
const OWN = ',"own":true,'

/** Collects what one session's events add: their lines in batches, its chain, and what lists count. */
export class EventGain {
  /** Number of the next event. */
  next: number
  head: Buffer | null
  lastAt: number | null = null
  operations = 0
  held = 0
  refused = 0
  failed = 0
  rows = 0
  closed: SessionClosed | null = null
  readonly inFlight: Set<number>
  readonly #chain: ChainLinker
  readonly #batches: BatchRow[] = []
  #lines = Buffer.allocUnsafe(FIRST_BYTES)
  #length = 0
  #first = { seq: 0, at: 0 }
  #ops: { first: number; last: number } | null = null
  /** Counters when the batch under way began. */
  #before = { operations: 0, held: 0, refused: 0, failed: 0 }

  constructor(mark: SessionMark) {
    this.next = mark.lastSeq + 1
    this.head = mark.head
    this.inFlight = new Set(mark.inFlight)
    this.#chain = new ChainLinker(mark.head ?? chainStart())
  }

  /** Takes the event that the cursor stands on. One that the store has is skipped; a gap throws SpoolGap. */
  add(frame: FrameCursor): void {
    const { seq } = frame
    if (seq < this.next) return
    if (seq > this.next) throw new SpoolGap(`event ${seq} follows ${this.next - 1}`)
    const { block, lineStart, end } = frame
    const at = frame.time
    if (this.#length > 0 && this.#length + end - lineStart > BATCH_BYTES) this.#flush()
    if (this.#length === 0) this.#first = { seq, at }
    this.#chain.link(block, lineStart, end)
    this.#append(block, lineStart, end)
    this.next++
    this.lastAt = at
    this.#count(frame)
  }

  finish(): readonly BatchRow[] {
    this.#flush()
    return this.#batches
  }

  #count(frame: FrameCursor): void {
    const { kind, verdict, op } = frame
    if (verdict === 'refused') this.refused++
    else if (verdict === 'failed') this.failed++
    this.rows += frame.rows
    this.closed = kind === 'session.close' ? (JSON.parse(frame.text) as SessionClosed) : null
    if (op > 0) this.#ops = { first: Math.min(op, this.#ops?.first ?? op), last: Math.max(op, this.#ops?.last ?? op) }
    if (kind === 'operation.intent') {
      if (!isOwn(frame)) this.operations++
      this.inFlight.add(op)
    } else if (kind === 'operation.held') this.held++
    else if (kind === 'operation.outcome') this.inFlight.delete(op)
  }

  #append(block: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start + 1
    if (needed > this.#lines.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#lines.length * 4))
      this.#lines.copy(grown, 0, 0, this.#length)
      this.#lines = grown
    }
    if (this.#length > 0) this.#lines[this.#length++] = LINE_END
    this.#length += block.copy(this.#lines, this.#length, start, end)
  }

  #flush(): void {
    if (this.#length === 0) return
    this.head = Buffer.from(this.#chain.head)
    this.#batches.push({
      firstSeq: this.#first.seq,
      lastSeq: this.next - 1,
      firstAt: this.#first.at,
      lastAt: this.lastAt ?? this.#first.at,
      firstOp: this.#ops?.first ?? null,
      lastOp: this.#ops?.last ?? null,
      operations: this.operations - this.#before.operations,
      held: this.held - this.#before.held,
      refused: this.refused - this.#before.refused,
      failed: this.failed - this.#before.failed,
      ...pack(this.#lines.subarray(0, this.#length)),
      head: this.head,
    })
    this.#lines = Buffer.allocUnsafe(FIRST_BYTES)
    this.#length = 0
    this.#ops = null
    const { operations, held, refused, failed } = this
    this.#before = { operations, held, refused, failed }
  }
}

/** What the gateway asked for itself is on record, and no operation of the client. In a text the quotes would be escaped. */
function isOwn({ block, lineStart, end }: FrameCursor): boolean {
  return block.subarray(lineStart, end).includes(OWN, 0, 'latin1')
}
