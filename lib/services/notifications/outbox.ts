import { and, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { reviewNotices } from '../../db/schema/notices'
import { reviews } from '../../db/schema/reviews'
import type { NoticeId } from '../../domain/ids'
import type { NoticeKind } from '../../domain/review'
import type { Context } from '../context'
import { databaseNow } from '../database-now'
import { type ReviewRow, selectReviews } from '../reviews/review-row'
import { type KeptVote, readVotes } from '../reviews/votes'
import { requireSystem } from '../system-actor'

/** How long a portal has a notice to itself; how often it is tried in all (about an hour and a half); how long it is kept. */
const LEASE = sql`interval '60 seconds'`
const ATTEMPTS = 12
const KEPT = sql`interval '7 days'`
const AT_ONCE = 20

/** A notice that this portal is to send now. */
export interface ClaimedNotice {
  readonly id: NoticeId
  readonly kind: NoticeKind
  readonly createdAt: Date
  readonly sentTo: readonly string[]
  readonly row: ReviewRow
  readonly votes: readonly KeptVote[]
}

/** Takes notices that are due. Of several portals each gets its own; what one took and did not finish is due again after a minute. */
export async function claimNotices(ctx: Context): Promise<readonly ClaimedNotice[]> {
  requireSystem(ctx)
  const due = ctx.db
    .select({ id: reviewNotices.id })
    .from(reviewNotices)
    .where(and(isNull(reviewNotices.doneAt), lte(reviewNotices.dueAt, databaseNow)))
    .orderBy(reviewNotices.dueAt)
    .limit(AT_ONCE)
    .for('update', { skipLocked: true })
  const claimed = await ctx.db
    .update(reviewNotices)
    .set({ attempts: sql`${reviewNotices.attempts} + 1`, dueAt: sql`now() + ${LEASE}` })
    .where(inArray(reviewNotices.id, due))
    .returning()
  if (claimed.length === 0) return []
  const ids = [...new Set(claimed.map(({ reviewId }) => reviewId))]
  const rows = await selectReviews(ctx.db, inArray(reviews.id, ids), [], ids.length)
  const votes = await readVotes(ctx.db, ids)
  return claimed.flatMap(({ id, kind, createdAt, sentTo, reviewId }) => {
    const row = rows.find(({ review }) => review.id === reviewId)
    const own = votes.filter((vote) => vote.reviewId === reviewId)
    return row === undefined ? [] : { id, kind, createdAt, sentTo, row, votes: own }
  })
}

/** Notes which channels have it. With an error it is due again later, each time twice as long, and given up in the end. */
export async function settleNotice(
  ctx: Context,
  id: NoticeId,
  result: { readonly sentTo: readonly string[]; readonly error: string | null },
): Promise<void> {
  requireSystem(ctx)
  const { sentTo, error } = result
  const later = sql`now() + least(interval '15 minutes', interval '5 seconds' * power(2, ${reviewNotices.attempts} - 1))`
  await ctx.db
    .update(reviewNotices)
    .set(
      error === null
        ? { sentTo: [...sentTo], lastError: null, doneAt: databaseNow }
        : {
            ...{ sentTo: [...sentTo], lastError: error, dueAt: later },
            doneAt: sql`case when ${reviewNotices.attempts} >= ${ATTEMPTS} then now() end`,
          },
    )
    .where(eq(reviewNotices.id, id))
}

/** Forgets what is done, and what nobody sent, a week after. */
export async function forgetOldNotices(ctx: Context): Promise<void> {
  requireSystem(ctx)
  await ctx.db
    .delete(reviewNotices)
    .where(or(lt(reviewNotices.doneAt, sql`now() - ${KEPT}`), lt(reviewNotices.createdAt, sql`now() - 2 * ${KEPT}`)))
}
