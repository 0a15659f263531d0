import { B, readCommandComplete, readReadyForQuery, rowsOfTag } from './codec/backend'
import { readDataRow, readRowDescription } from './codec/rows'
import { nextState, STATE } from './codec/states'
import { violation } from './codec/violation'
import { type OwnExchange, type OwnFailure, valuesOf } from './own-exchange'
import type { Pending } from './session-pending'
import type { SessionState } from './session-state'

/** Bytes that one exchange of the gateway's own may be answered with. */
const MOST_BYTES = 4 * 1024 * 1024
const TOO_LONG: OwnFailure = { code: '54000', severity: 'ERROR', message: 'the answer is too long' }

/** A message of the target, whole. */
interface Answer {
  readonly type: number
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

/** What the target answers to the gateway itself. Nothing of it reaches the client. */
export class OwnAnswers {
  constructor(private readonly state: SessionState) {}

  /** Whatever answers `head`, but an error. */
  take(head: Pending, own: OwnExchange, answer: Answer): void {
    const to = nextState(head.state, answer.type)
    if (to === STATE.refused) throw violation('the target answered out of turn')
    this.#read(head, own, answer)
    head.state = to
    if (to !== STATE.done) return
    this.state.queue.shift()
    if (head.permit !== null) {
      own.at++
      this.state.gate.settle(head.permit, { status: 'ok', rows: head.rows, statements: head.outcomes })
    }
    if (answer.type === B.readyForQuery) this.#ready(own, answer)
  }

  /** A piece of a row that is longer than any answer should be. */
  piece(own: OwnExchange): void {
    own.failure ??= TOO_LONG
  }

  /** The target failed at the head: it skips what is left of the exchange, up to its Sync. */
  failed(own: OwnExchange, failure: OwnFailure): void {
    own.failure ??= failure
    const { queue, gate } = this.state
    let error: OwnFailure | null = failure
    for (let next = queue.head; next !== undefined && next.state !== STATE.sync; next = queue.head) {
      queue.shift()
      if (next.permit === null) continue
      if (error === null) gate.settle(next.permit, { status: 'skipped', rows: 0, statements: [] })
      else gate.settle(next.permit, { status: 'error', rows: 0, statements: [], error })
      error = null
    }
  }

  #read(head: Pending, own: OwnExchange, { type, buffer, start, end }: Answer): void {
    switch (type) {
      case B.dataRow:
        readDataRow(buffer, start, end)
        head.rows++
        own.size += end - start
        if (own.size > MOST_BYTES) own.failure ??= TOO_LONG
        else own.answers[own.at]?.push(valuesOf(buffer, start))
        return
      case B.rowDescription:
        readRowDescription(buffer, start, end)
        return
      case B.commandComplete: {
        const tag = readCommandComplete(buffer, start, end)
        head.outcomes.push({ tag, rows: head.rows > 0 ? head.rows : rowsOfTag(tag) })
        return
      }
      case B.copyIn:
      case B.copyOut:
      case B.portalSuspended:
        throw violation('the target answered out of turn')
    }
  }

  #ready(own: OwnExchange, { buffer, start, end }: Answer): void {
    const status = readReadyForQuery(buffer, start, end)
    this.state.transaction = status
    this.state.knowledge.ready(status)
    if (own.failure === null) own.done({ answers: own.answers, failure: null })
    else own.done({ answers: null, failure: own.failure })
  }
}
