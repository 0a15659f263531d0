import type { CloseReason } from '#lib/domain/review'
import { HeldOperation, type HoldDesk } from './gate-hold'
import type { GateHost } from './gate-host'
import type { OperationLog } from './gate-operations'
import type { OperationPermit } from './gate-permit'
import type { SessionRecord } from './gate-record'
import { reviewSubject } from './gate-subject'
import type { SessionHold } from './hold-ports'
import type { HoldNotice, Operation, SessionHeader, Verdict } from './ports'

export interface GateHoldsParts {
  readonly header: SessionHeader
  /** null: nobody can be asked in this session, so that what would be held is denied. */
  readonly hold: SessionHold | null
  readonly host: GateHost
  readonly record: SessionRecord
  readonly log: OperationLog
  readonly strict: boolean
  judge(operation: Operation, approvedBy?: readonly string[]): Verdict | Promise<Verdict>
}

type Held = (notice: HoldNotice) => void
type Start = (verdict: Verdict, permit: OperationPermit) => HeldOperation

/** What one gate holds: one operation at a time, since rulings are given in order. */
export class GateHolds {
  readonly #parts: GateHoldsParts
  #current: HeldOperation | null = null
  /** The record has ended, or cannot go on. */
  #shut = false

  constructor(parts: GateHoldsParts) {
    this.#parts = parts
  }

  get waiting(): boolean {
    return this.#current !== null
  }

  /** How `operation` starts being held; words for the client when it cannot be. */
  prepare(operation: Operation, held: Held | undefined): Start | string {
    const { hold, header } = this.#parts
    if (hold === null || (hold.mode === 'wait' && held === undefined)) return 'nobody can be asked here'
    const subject = reviewSubject(header, operation, hold.limits)
    if (typeof subject === 'string') return subject
    const desk = this.#desk(hold)
    return (verdict, permit) => {
      this.#current = new HeldOperation(desk, { operation, permit, subject, held: held ?? (() => {}) }, verdict)
      return this.#current
    }
  }

  /** What was held has its ruling. */
  done(): void {
    this.#current = null
  }

  /** Gives up what is held, if anything is. */
  abandon(why: CloseReason): void {
    this.#current?.abandon(why)
  }

  shut(): void {
    this.#shut = true
  }

  #desk(hold: SessionHold): HoldDesk {
    const { header, host, record, log, strict, judge } = this.#parts
    return {
      header,
      hold,
      judge,
      whenSafe: () => record.whenSafe(strict ? 'strict' : 'standard'),
      refusal: () => host.refusal(strict ? 'strict' : 'standard'),
      nowMs: () => host.clock.monotonicMs(),
      recordHeld: (permit, review) => {
        if (!this.#shut) log.held(permit, review, hold.mode)
      },
      recordReviewed: (permit, review, outcome, verdict) => {
        if (!this.#shut) log.reviewed(permit, review, outcome, verdict)
      },
    }
  }
}
