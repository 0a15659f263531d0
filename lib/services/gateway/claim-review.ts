import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connections } from '../../db/schema/connections'
import { reviewExecutions, reviews } from '../../db/schema/reviews'
import type { Approval } from '../../domain/event'
import type { ReviewId, SessionId, WorkerId } from '../../domain/ids'
import { approvalsIn, demandsMet, narrowestScope } from '../../domain/quorum'
import type { ApprovalScope, HoldDemand } from '../../domain/review'
import { readVotes } from '../reviews/votes'
import { notifyLive } from '../signals/notify'
import { policySetVersion } from './policy-set'
import { standingApprovals } from './standing-approvals'

export interface ReviewClaim {
  readonly reviewId: ReviewId
  /** SHA-256, in hex, of the subject of what is about to run, made anew from that. */
  readonly digest: string
  readonly sessionId: SessionId
  readonly op: number
  readonly workerId: WorkerId
  /** What the policies in force demand for it now, without any approval, and their version. */
  readonly demands: readonly HoldDemand[]
  readonly policyVersion: number
}

export type ClaimedReview =
  | { readonly kind: 'claimed'; readonly approvals: readonly Approval[]; readonly scope: ApprovalScope }
  /** It was judged by a set that is no longer in force: load the newest and judge again. */
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
 * may run exactly this subject, once, if the policies allow it with these approvals. The same operation may ask again when it did
 * not hear the answer.
 */
export async function claimReview(db: Database, claim: ReviewClaim): Promise<ClaimedReview> {
  return db.transaction(async (tx) => {
    const review = await lockReview(tx, claim.reviewId)
    const votes = await readVotes(tx, [claim.reviewId])
    const approvals = approvalsIn(votes)
    const claimed = { kind: 'claimed', approvals, scope: narrowestScope(votes) ?? { kind: 'once' } } as const
    const user = await findUser(tx, claim.reviewId)
    if (user !== null) return sameOperation(user, claim) ? claimed : refused('used')
    const why = objection(review, claim) ?? (await connectionObjection(tx, review))
    if (why !== null) return refused(why)
    const version = await policySetVersion(tx)
    if (version !== claim.policyVersion) return { kind: 'stale-policies', version }
    const standing = await standingApprovals(tx, claim.reviewId, approvals)
    if (!demandsMet(claim.demands, standing)) return refused('unmet')
    const { reviewId, sessionId, op, workerId } = claim
    const digest = Buffer.from(claim.digest, 'hex')
    await tx.insert(reviewExecutions).values({ reviewId, digest, sessionId, op, workerId, policyVersion: version })
    await notifyLive(tx, `review:${reviewId}`)
    await notifyLive(tx, 'reviews')
    return claimed
  })
}

type LockedReview = Awaited<ReturnType<typeof lockReview>>

async function lockReview(db: Database, id: ReviewId) {
  const [review] = await db
    .select({
      state: reviews.state,
      mode: reviews.mode,
      digest: reviews.digest,
      sessionId: reviews.sessionId,
      connectionId: reviews.connectionId,
      connectionVersion: reviews.connectionVersion,
      expired: sql<boolean>`${reviews.expiresAt} <= clock_timestamp()`,
    })
    .from(reviews)
    .where(eq(reviews.id, id))
    .for('update')
  return review ?? null
}

/** Whoever used it already. The review is locked, so nobody does meanwhile. */
async function findUser(db: Database, id: ReviewId) {
  const [user] = await db.select().from(reviewExecutions).where(eq(reviewExecutions.reviewId, id))
  return user ?? null
}

function sameOperation(user: typeof reviewExecutions.$inferSelect, claim: ReviewClaim): boolean {
  return (
    user.sessionId === claim.sessionId &&
    user.op === claim.op &&
    user.workerId === claim.workerId &&
    Buffer.from(user.digest).toString('hex') === claim.digest
  )
}

function objection(review: LockedReview, claim: ReviewClaim): ClaimRefusal | null {
  if (review === null || review.state === 'rejected' || review.state === 'cancelled') return 'not-approved'
  if (review.expired) return 'expired'
  if (review.state !== 'approved') return 'not-approved'
  if (Buffer.from(review.digest).toString('hex') !== claim.digest) return 'changed'
  if (review.mode === 'wait' && review.sessionId !== claim.sessionId) return 'elsewhere'
  return null
}

/** The digest binds the version that was approved; here it is seen whether that is still the connection's. */
async function connectionObjection(db: Database, review: LockedReview): Promise<ClaimRefusal | null> {
  const [found] = await db
    .select({ version: connections.version })
    .from(connections)
    .where(
      and(
        eq(connections.id, review?.connectionId ?? 'con_'),
        isNull(connections.disabledAt),
        isNull(connections.deletedAt),
      ),
    )
  return found?.version === review?.connectionVersion ? null : 'connection-changed'
}

function refused(why: ClaimRefusal): ClaimedReview {
  return { kind: 'refused', why }
}
