import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { reviews } from '../../db/schema/reviews'
import type { ConnectionId, ReviewId, SessionId, WorkerId } from '../../domain/ids'
import type { CloseReason } from '../../domain/review'
import { queueNotice } from '../reviews/queue-notice'
import { notifyControl, notifyLive } from '../signals/notify'
import { type GatewayContext, inGatewayTransaction } from './gateway-context'

/** Which reviews to close. Of a session or a worker only those whose client waits: a ticket outlives both. */
export type ReviewsToClose =
  | { readonly reviewIds: readonly ReviewId[]; readonly why: CloseReason }
  | { readonly sessionId: SessionId; readonly why: 'session-ended' }
  | { readonly workerId: WorkerId; readonly why: 'worker-dead' }
  | { readonly connectionId: ConnectionId; readonly why: 'connection-changed' }

/** Closes those of these reviews that are still pending. Returns which; what was decided before stays decided. */
export async function closeReviews(ctx: GatewayContext, closing: ReviewsToClose): Promise<readonly ReviewId[]> {
  if ('reviewIds' in closing && closing.reviewIds.length === 0) return []
  return inGatewayTransaction(ctx, async (inside) => {
    const pending = await inside.db
      .select({ id: reviews.id, over: sql<boolean>`${reviews.expiresAt} <= clock_timestamp()` })
      .from(reviews)
      .where(and(eq(reviews.state, 'pending'), which(closing)))
      .orderBy(reviews.id)
      .for('update')
    for (const review of pending) await endReview(inside, review, closing.why)
    return pending.map(({ id }) => id)
  })
}

function which(closing: ReviewsToClose): SQL | undefined {
  if ('reviewIds' in closing) return inArray(reviews.id, [...closing.reviewIds])
  if ('connectionId' in closing) return eq(reviews.connectionId, closing.connectionId)
  const waits = eq(reviews.mode, 'wait')
  if ('sessionId' in closing) return and(waits, eq(reviews.sessionId, closing.sessionId))
  return and(waits, eq(reviews.workerId, closing.workerId))
}

/** Ends a review that is locked and pending: as expired when its time was over, else as cancelled. Inside a transaction. */
export async function endReview(
  ctx: GatewayContext,
  { id, over }: { readonly id: ReviewId; readonly over: boolean },
  why: CloseReason,
): Promise<void> {
  const end = over ? { state: 'expired' as const } : { state: 'cancelled' as const, closeReason: why }
  await ctx.db.update(reviews).set(end).where(eq(reviews.id, id))
  await tellDecided(ctx, id, `review.${end.state}`)
}

/** Wakes whoever waits for a review that has just been decided, and notes what is to be told outside. */
export async function tellDecided(
  ctx: GatewayContext,
  reviewId: ReviewId,
  kind: 'review.approved' | 'review.rejected' | 'review.expired' | 'review.cancelled',
): Promise<void> {
  await queueNotice(ctx, reviewId, kind)
  await notifyControl(ctx.db, { kind: 'review-decided', reviewId })
  await notifyLive(ctx.db, 'reviews')
  await notifyLive(ctx.db, `review:${reviewId}`)
}
