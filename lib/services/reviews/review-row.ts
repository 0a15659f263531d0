import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../db/client'
import { reviewExecutions, reviews } from '../../db/schema/reviews'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import { may } from '../../domain/permissions'
import type { ReviewState } from '../../domain/review'
import type { Context } from '../context'

export const reviewIdInput = z.strictObject({ id: z.string().max(64) })

/** By the store's clock: a pending review whose time is over is expired, marked or not. */
export const stateNow = sql<ReviewState>`case when ${reviews.state} = 'pending' and ${reviews.expiresAt} <= clock_timestamp()
  then 'expired' else ${reviews.state} end`

/** What of the reviews the actor may see: all with `reviews:read`, else those it is the human behind. undefined: all. */
export function visibleReviews(ctx: Context): SQL | undefined {
  return may(ctx.actor, 'reviews:read') ? undefined : eq(reviews.humanId, ctx.actor.principal.id)
}

/** Reviews with what is worked out of other tables. */
export function selectReviews(db: Database, where: SQL | undefined, order: SQL[], limit: number) {
  return db
    .select({
      review: reviews,
      state: stateNow,
      requesters: sql<string[]>`requesters_of(${reviews})`,
      execution: reviewExecutions,
    })
    .from(reviews)
    .leftJoin(reviewExecutions, eq(reviewExecutions.reviewId, reviews.id))
    .where(where)
    .orderBy(...order)
    .limit(limit)
}

export type ReviewRow = Awaited<ReturnType<typeof selectReviews>>[number]

/** The review, if the actor may see it. Throws `not_found`. */
export async function findReview(ctx: Context, id: string): Promise<ReviewRow> {
  const [row] = isId('review', id)
    ? await selectReviews(ctx.db, and(eq(reviews.id, id), visibleReviews(ctx)), [desc(reviews.id)], 1)
    : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such review.')
  return row
}

/** The same, locked until the transaction ends: of two that decide the second sees what the first did. */
export async function lockReview(ctx: Context, id: string): Promise<ReviewRow> {
  if (isId('review', id)) await ctx.db.select({ id: reviews.id }).from(reviews).where(eq(reviews.id, id)).for('update')
  return findReview(ctx, id)
}
