import type { OperationSettled, OperationStatus, StatementOutcome } from '#lib/domain/event'
import type { Permit } from '#proxy/core/ports'
import { STATE } from './codec/states'
import type { Delivery } from './session-delivery'
import type { Pending } from './session-pending'
import type { SessionState } from './session-state'

type Failure = NonNullable<OperationSettled['error']>
const NONE: readonly StatementOutcome[] = []

/** Says to the gate what became of each operation, in the order in which their answers were delivered. */
export class Settlements {
  /** Where the last RowDescription stands in the out stream. */
  lastLayoutAt = -1
  /** Where it stood at the last settlement: what follows belongs to the next operation. */
  #settledAt = 0

  constructor(
    private readonly state: SessionState,
    private readonly delivery: Delivery,
  ) {}

  /** A Parse or Bind has no answer worth a range of its own, so what is gathered need not be delivered first. */
  answered(pending: Pending): void {
    if (pending.permit === null) return
    this.#over(pending, 'ok')
    this.#settle(pending.permit, 'ok')
  }

  /** The operation's last byte has been added. Without an error of its own it is a `success`. */
  finish(pending: Pending, success: 'ok' | 'suspended'): void {
    this.delivery.flush()
    if (pending.permit === null) return
    this.#over(pending, pending.error === undefined ? success : 'failed')
    this.#report(pending, success)
  }

  #report(pending: Pending, success: 'ok' | 'suspended'): void {
    const { permit, outcomes, error } = pending
    if (permit === null) return
    const status = error === undefined ? success : statusOf(error)
    let rows = pending.rows
    for (const outcome of outcomes) rows += outcome.rows
    const layoutAt = this.#layoutOf(pending, rows)
    this.state.gate.settle(permit, {
      status,
      rows,
      statements: outcomes,
      ...(error && { error }),
      ...(layoutAt !== undefined && { layoutAt }),
    })
    this.#settledAt = this.state.gate.outOffset
  }

  /** The target failed at the head, whose error has been added: it is settled, and what an error skips with it. */
  failed(head: Pending, error: Failure): void {
    const copying = head.state === STATE.executeCopyIn || head.state === STATE.executeCopyInEnded
    this.delivery.flush()
    this.state.queue.shift()
    // An error before the Execute it was meant for (in its Bind, say) is that operation's error.
    let owner = head.permit === null ? error : undefined
    if (head.permit !== null) this.finish(Object.assign(head, { error }), 'ok')
    const sync = this.#skip(head.segment, (pending) => {
      const blamed = pending.state === STATE.execute ? owner : undefined
      if (blamed) owner = undefined
      return blamed
    })
    this.state.skipping = !sync
    if (copying && this.state.syncInCopy) this.state.syncOwed = true
  }

  /** The target failed as the gateway made it: the client gets the refusal in place of the error. */
  refused(head: Pending): void {
    const { answer, permit } = head
    if (answer !== null) this.delivery.add(answer, 0, answer.length)
    this.delivery.flush()
    this.state.queue.shift()
    if (permit !== null) this.#settle(permit, 'refused')
    this.state.names.drop(head.segment)
  }

  /** The target said its last words: the operation under way failed with them. */
  failLast(head: Pending | undefined, error: Failure): void {
    this.delivery.flush()
    if (head === undefined || head.permit === null || head.answer !== null) return
    this.state.queue.shift()
    this.finish(Object.assign(head, { error: head.error ?? error }), 'ok')
  }

  /** Settles what the target skips, up to the next Sync. False when that Sync is still to come. */
  #skip(segment: number, blame: (pending: Pending) => Failure | undefined): boolean {
    const { queue, names } = this.state
    let dropped = segment
    names.drop(segment)
    for (let next = queue.head; next !== undefined; next = queue.head) {
      if (next.state === STATE.sync) return true
      queue.shift()
      if (next.segment !== dropped) names.drop(next.segment)
      dropped = next.segment
      this.#over(next, 'skipped')
      if (next.permit === null) continue
      const error = blame(next)
      if (error) this.#report(Object.assign(next, { error }), 'ok')
      else this.#settle(next.permit, next.answer === null ? 'skipped' : 'refused')
    }
    return false
  }

  /** It has run, or never will: what it may have changed can be relied on, or asked about, again. */
  #over({ names, aftermath, runs, permit }: Pending, how: 'ok' | 'suspended' | 'failed' | 'skipped'): void {
    const { state } = this
    if (aftermath !== null) state.knowledge.settled(aftermath)
    if (aftermath?.code) state.sqlNames.forgetAll()
    if (runs !== null) {
      runs.running--
      runs.goesOn = how === 'suspended' ? permit : null
    }
    if (names === null) return
    state.touching--
    if (how === 'skipped' || names.facts.touches === null) return
    state.names.forget(names.facts.touches)
    state.sqlNames.ran(names.text, names.facts, how === 'failed' ? 'failed' : 'ok')
  }

  #settle(permit: Permit, status: OperationStatus): void {
    this.state.gate.settle(permit, { status, rows: 0, statements: NONE })
    this.#settledAt = this.state.gate.outOffset
  }

  /** Where the rows' RowDescription stands, when it is not the last one in the operation's own range. */
  #layoutOf(pending: Pending, rows: number): number | undefined {
    const at = pending.portal?.layoutAt ?? pending.portal?.statement.layoutAt
    if (at === undefined || rows === 0) return undefined
    const ownRange = at >= Math.max(pending.startedAt, this.#settledAt)
    return ownRange && at === this.lastLayoutAt ? undefined : at
  }
}

function statusOf(error: Failure): OperationStatus {
  return error.code === '57014' ? 'cancelled' : 'error'
}
