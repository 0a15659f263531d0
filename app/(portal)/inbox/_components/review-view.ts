import type { Limits } from '#lib/domain/limits'
import type { ReviewState } from '#lib/domain/review'
import type { ReviewDetail } from '#lib/services/reviews/read'
import type { ReviewItem } from '#lib/services/reviews/review-item'

/** One review as the list shows it. Times are ISO 8601. */
export interface ReviewRow {
  readonly id: string
  readonly state: ReviewState
  readonly title: string
  readonly principal: string
  readonly connection: string
  readonly expiresAt: string
  readonly decidedAt: string | null
  readonly approvals: Approvals
  /** The reader can decide about it. */
  readonly forMe: boolean
}

export interface Approvals {
  readonly got: number
  readonly needed: number
}

/** Reviews that wait, soonest to expire first; and some that are decided, newest first. */
export interface ReviewsPage {
  readonly pending: readonly ReviewRow[]
  readonly decided: readonly ReviewRow[]
  readonly nextCursor: string | null
}

/** One review with all that a decision rests on, what it may be at most, and whether the reader may open the session it came from. */
export interface ReviewView extends ReviewDetail {
  readonly mayOpenSession: boolean
  readonly limits: Pick<Limits, 'grantMinutes' | 'reasonBytes'>
}

/** Over all demands: what is there of what is needed. One human may count for several. */
export function approvalsOf({ demands }: Pick<ReviewItem, 'demands'>): Approvals {
  return {
    got: demands.reduce((sum, { approvals, quorum }) => sum + Math.min(approvals, quorum), 0),
    needed: demands.reduce((sum, { quorum }) => sum + quorum, 0),
  }
}
