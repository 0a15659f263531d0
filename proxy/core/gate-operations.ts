import type { Clock } from '#lib/domain/clock'
import type { HoldMode } from '#lib/domain/connection'
import { heldLine, intentLine, outcomeLine, reviewedLine } from './event-line'
import { boundValues } from './gate-binds'
import type { OpenReview } from './gate-hold'
import type { OperationPermit } from './gate-permit'
import type { RecordedRange, SessionRecord } from './gate-record'
import type { ReviewOutcome } from './hold-ports'
import type { Operation, Settlement, Verdict } from './ports'

/** Records what operations of one session intend and what becomes of them. */
export class OperationLog {
  readonly #record: SessionRecord
  readonly #clock: Clock

  constructor(record: SessionRecord, clock: Clock) {
    this.#record = record
    this.#clock = clock
  }

  /** Adds the intent; `permit.block` is known once it stands in a block. */
  intent(operation: Operation, verdict: Verdict, permit: OperationPermit): void {
    const binds = operation.binds && boundValues(operation.binds, (bytes) => this.#toStream(bytes))
    const at = this.#clock.now()
    const facts = { kind: 'operation.intent', verdict: 'none', op: permit.op, rows: 0 } as const
    this.#record.event(facts, at, (seq) =>
      intentLine(operation, { at, seq, op: permit.op, own: permit.own, verdict, binds }),
    )
    this.#record.inOrder(() => {
      permit.block = this.#record.lastBlock
    })
  }

  /** Adds that a review of it is open. */
  held(permit: OperationPermit, review: OpenReview, mode: HoldMode): void {
    const at = this.#clock.now()
    const { op } = permit
    this.#record.event({ kind: 'operation.held', verdict: 'none', op, rows: 0 }, at, (seq) =>
      heldLine({ at, seq, op, review: review.review, digest: review.digest, mode, demands: review.demands }),
    )
  }

  /** Adds how its review ended and what comes of it. From here on it is as safe as this event is. */
  reviewed(permit: OperationPermit, review: OpenReview | null, outcome: ReviewOutcome | null, verdict: Verdict): void {
    const at = this.#clock.now()
    const { op } = permit
    const waitedMs = Math.max(0, Math.round(this.#clock.monotonicMs() - permit.startedMs))
    this.#record.event({ kind: 'operation.reviewed', verdict: 'none', op, rows: 0 }, at, (seq) =>
      reviewedLine({ at, seq, op, review: review?.review ?? null, outcome, verdict, waitedMs }),
    )
    permit.blockUnknown()
    this.#record.inOrder(() => {
      permit.block = this.#record.lastBlock
    })
  }

  /**
   * Adds that it was not sent. Bytes that pass belong to what is under way, if anything is (`inFlight` operations): then this takes
   * none of them.
   */
  refusal(permit: OperationPermit, status: 'refused' | 'cancelled', nowMs: number, inFlight: number): void {
    const settlement: Settlement = { status, rows: 0, statements: [] }
    if (inFlight === 0) this.outcome(permit, settlement, nowMs)
    else this.#outcome(permit, settlement, nowMs, this.#record.noRange('out'), null)
  }

  /** Adds the outcome: what passed since the last one belongs to it, unless it is the gateway's own. `nowMs` is monotonic. */
  outcome(permit: OperationPermit, settlement: Settlement, nowMs: number): void {
    if (permit.own) {
      this.#outcome(permit, settlement, nowMs, this.#record.noRange('out'), null)
      return
    }
    const out = this.#record.takeRange('out')
    const received = this.#record.takeRange('in')
    const hasInput = received.range[0] !== received.range[1]
    this.#outcome(permit, settlement, nowMs, out, hasInput ? received : null)
  }

  #outcome(
    permit: OperationPermit,
    settlement: Settlement,
    nowMs: number,
    out: RecordedRange,
    received: RecordedRange | null,
  ): void {
    permit.settled = true
    const { status, rows, statements, error, layoutAt } = settlement
    const verdict = status === 'refused' ? 'refused' : status === 'error' || status === 'unknown' ? 'failed' : 'none'
    const at = this.#clock.now()
    const durationUs = Math.max(0, Math.round((nowMs - permit.startedMs) * 1000))
    this.#record.event({ kind: 'operation.outcome', verdict, op: permit.op, rows }, at, (seq) =>
      outcomeLine({
        at,
        seq,
        op: permit.op,
        status,
        durationUs,
        rows,
        statements,
        out: out.range,
        outSha256: out.sha256,
        ...(error && { error }),
        ...(layoutAt !== undefined && { layoutAt }),
        ...(received !== null && { in: received.range, inSha256: received.sha256 }),
        ...(this.#record.cut && { cut: true as const }),
      }),
    )
  }

  #toStream(bytes: Uint8Array): readonly [number, number] {
    const { offset: from, from: rangeFrom } = this.#record.in
    this.#record.bytes('in', bytes, () => {})
    // Unless data of a COPY stands before it, whose range then simply includes it.
    if (rangeFrom === from) this.#record.skipRange('in')
    return [from, from + bytes.length]
  }
}
