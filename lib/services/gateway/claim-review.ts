import { and, eq, isNull, sql } from 'drizzle-orm'
import { sealSubject } from '../../crypto/review-digest'
import type { Database } from '../../db/client'
import { connections } from '../../db/schema/connections'
import { reviewExecutions, reviews } from '../../db/schema/reviews'
import type { ReviewId, SessionId, WorkerId } from '../../domain/ids'
import { approvalsByGroup, demandsMet, narrowestScope } from '../../domain/quorum'
import type { ApprovalScope, GroupApproval, HoldDemand, ReviewSubject } from '../../domain/review'
import { readVotes } from '../reviews/votes'
import { notifyLive } from '../signals/notify'
import { policySetVersion } from './policy-set'

export interface ReviewClaim {
  readonly reviewId: ReviewId
  /** What is about to run, built anew from what is about to run. */
  readonly subject: ReviewSubject
  readonly sessionId: SessionId
  readonly op: number
  readonly workerId: WorkerId
  /** What the policies in force demand for it now, without any approval, and their version. */
  readonly demands: readonly HoldDemand[]
  readonly policyVersion: number
}

export type ClaimedReview =
  | { readonly kind: 'claimed'; readonly approvals: readonly GroupApproval[]; readonly scope: ApprovalScope }
  | { readonly kind: 'stale-policies'; readonly version: number }
  | { readonly kind: 'refused'; readonly why: ClaimRefusal }

/** `unmet`: the policies demand more, or others, than approved it. */
export type ClaimRefusal =
  | 'not-approved'
  | 'expired'
  | 'used'
  | 'changed'
  | 'elsewhere'
  | 'connection-changed'
  | 'unmet'

/**
 * Uses up an approval, in one transaction and at most once: the row that says so has the review as its key. Whoever gets `claimed`
 * may run exactly this subject, once, if the policies allow it with these approvals.
 */
export async function claimReview(db: Database, claim: ReviewClaim): Promise<ClaimedReview> {
  const { digest } = sealSubject(claim.subject)
  return db.transaction(async (tx) => {
    const [review] = await tx
      .select({
        state: reviews.state,
        mode: reviews.mode,
        digest: reviews.digest,
        sessionId: reviews.sessionId,
        expired: sql<boolean>`${reviews.expiresAt} <= clock_timestamp()`,
      })
      .from(reviews)
      .where(eq(reviews.id, claim.reviewId))
      .for('update')
    if (review === undefined || review.state === 'rejected' || review.state === 'cancelled')
      return refused('not-approved')
    if (review.expired) return refused('expired')
    if (review.state !== 'approved') return refused('not-approved')
    if (!digest.equals(review.digest)) return refused('changed')
    if (review.mode === 'wait' && review.sessionId !== claim.sessionId) return refused('elsewhere')
    if (!(await connectionStands(tx, claim.subject))) return refused('connection-changed')
    const version = await policySetVersion(tx)
    if (version !== claim.policyVersion) return { kind: 'stale-policies', version }
    const votes = await readVotes(tx, [claim.reviewId])
    const approvals = approvalsByGroup(claim.demands, votes)
    if (!demandsMet(claim.demands, approvals)) return refused('unmet')
    const { reviewId, sessionId, op, workerId } = claim
    const used = await tx
      .insert(reviewExecutions)
      .values({ reviewId, digest, sessionId, op, workerId, policyVersion: version })
      .onConflictDoNothing()
      .returning({ reviewId: reviewExecutions.reviewId })
    if (used.length === 0) return refused('used')
    await notifyLive(tx, `review:${reviewId}`)
    await notifyLive(tx, 'reviews')
    return { kind: 'claimed', approvals, scope: narrowestScope(votes) ?? { kind: 'once' } }
  })
}

async function connectionStands(db: Database, { connection }: ReviewSubject): Promise<boolean> {
  const [found] = await db
    .select({ version: connections.version })
    .from(connections)
    .where(and(eq(connections.id, connection.id), isNull(connections.disabledAt), isNull(connections.deletedAt)))
  return found?.version === connection.version
}

function refused(why: ClaimRefusal): ClaimedReview {
  return { kind: 'refused', why }
}
