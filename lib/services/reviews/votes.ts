import { asc, inArray } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { reviewVotes } from '../../db/schema/reviews'
import type { ReviewId } from '../../domain/ids'
import type { CountedVote } from '../../domain/quorum'

export interface KeptVote extends CountedVote {
  readonly reviewId: ReviewId
  readonly reason: string | null
  readonly votedAt: Date
}

/** Votes of these reviews, oldest first. */
export async function readVotes(db: Database, ids: readonly ReviewId[]): Promise<readonly KeptVote[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select()
    .from(reviewVotes)
    .where(inArray(reviewVotes.reviewId, [...ids]))
    .orderBy(asc(reviewVotes.votedAt), asc(reviewVotes.voterId))
  return rows.map(({ reviewId, voterId, voterName, decision, groups, scope, reason, votedAt }) => ({
    ...{ reviewId, decision, groups, scope, reason, votedAt },
    principal: { id: voterId, name: voterName },
  }))
}
