import { inArray, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { reviews } from '../../db/schema/reviews'
import type { Approval } from '../../domain/event'
import type { ReviewId } from '../../domain/ids'
import { approvalsIn, narrowestScope } from '../../domain/quorum'
import { type ApprovalScope, CLOSE_WORDS, type ReviewState } from '../../domain/review'
import { readVotes } from '../reviews/votes'

export interface ReviewOutcome {
  readonly reviewId: ReviewId
  /** By the store's clock: a pending one whose time is over is `expired`, marked or not. */
  readonly state: ReviewState
  readonly approvals: readonly Approval[]
  /** Of an approved one. */
  readonly scope: ApprovalScope | null
  /** What whoever rejected it wrote, or why it was cancelled, in words. */
  readonly reason: string | null
}

/** How things stand with these reviews. One that does not exist is not answered: treat it as cancelled. */
export async function readReviewOutcomes(db: Database, ids: readonly ReviewId[]): Promise<readonly ReviewOutcome[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({
      id: reviews.id,
      closeReason: reviews.closeReason,
      state: sql<ReviewState>`case when ${reviews.state} in ('pending', 'approved') and ${reviews.expiresAt} <= clock_timestamp()
        then 'expired' else ${reviews.state} end`,
    })
    .from(reviews)
    .where(inArray(reviews.id, [...ids]))
  const votes = await readVotes(db, ids)
  return rows.map(({ id, closeReason, state }) => {
    const own = votes.filter(({ reviewId }) => reviewId === id)
    const rejection = own.find(({ decision }) => decision === 'reject')
    return {
      reviewId: id,
      state,
      approvals: approvalsIn(own),
      scope: state === 'approved' ? narrowestScope(own) : null,
      reason: rejection?.reason ?? (closeReason === null ? null : CLOSE_WORDS[closeReason]),
    }
  })
}
