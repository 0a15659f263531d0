import type { ReviewState } from '#lib/domain/review'
import type { StatementResult } from '#lib/services/sessions/read-result'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import type { RecordedEvent } from './record-tab'
import type { StatementStatus } from './verdict'

/** Where people decided, or are to decide, about a statement. */
export interface HeldReview {
  readonly id: string
  readonly state: ReviewState
}

/** What is read for one statement at once. */
export interface OpenedStatement {
  readonly statement: StatementDetail
  readonly result: StatementResult
  readonly events: readonly RecordedEvent[]
  /** Of one that was held. */
  readonly review: HeldReview | null
}

/** The record of a statement that waits does not say that it does; its review does. */
export function statusOf({ status }: Pick<StatementDetail, 'status'>, review: HeldReview | null): StatementStatus {
  return review?.state === 'pending' ? 'held' : status
}
