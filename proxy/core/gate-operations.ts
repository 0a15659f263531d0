import type { Clock } from '#lib/domain/clock'
import type { Decision } from '#lib/domain/event'
import { intentLine, outcomeLine } from './event-line'
import { boundValues } from './gate-binds'
import type { OperationPermit } from './gate-permit'
import type { SessionRecord } from './gate-record'
import type { Operation, Settlement } from './ports'

/** Records what operations of one session intend and what becomes of them. */
export class OperationLog {
  readonly #record: SessionRecord
  readonly #clock: Clock

  constructor(record: SessionRecord, clock: Clock) {
    this.#record = record
    this.#clock = clock
  }

  /** Adds the intent; `permit.block` is known once it stands in a block. */
  intent(operation: Operation, decision: Decision, permit: OperationPermit): void {
    const binds = operation.binds && boundValues(operation.binds, (bytes) => this.#toStream(bytes))
    const at = this.#clock.now()
    const facts = { kind: 'operation.intent', verdict: 'none', op: permit.op, rows: 0 } as const
    this.#record.event(facts, at, (seq) => intentLine(operation, { at, seq, op: permit.op, decision, binds }))
    this.#record.inOrder(() => {
      permit.block = this.#record.lastBlock
    })
  }

  /** Adds the outcome: what passed since the last one belongs to it. `nowMs` is monotonic. */
  outcome(permit: OperationPermit, settlement: Settlement, nowMs: number): void {
    permit.settled = true
    const out = this.#record.takeRange('out')
    const received = this.#record.takeRange('in')
    const hasInput = received.range[0] !== received.range[1]
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
        ...(hasInput && { in: received.range, inSha256: received.sha256 }),
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
