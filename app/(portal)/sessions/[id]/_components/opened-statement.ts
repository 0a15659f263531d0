import type { StatementResult } from '#lib/services/sessions/read-result'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import type { RecordedEvent } from './record-tab'

/** What is read for one statement at once. */
export interface OpenedStatement {
  readonly statement: StatementDetail
  readonly result: StatementResult
  readonly events: readonly RecordedEvent[]
}
