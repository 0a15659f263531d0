import type { ReviewState } from '#lib/domain/review'
import type { StatementResult } from '#lib/services/sessions/read-result'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import type { RecordedEvent } from './record-tab'

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
