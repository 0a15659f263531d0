import { and, eq, gt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { reviews } from '../../db/schema/reviews'
import type { Context } from '../context'
import { visibleReviews } from '../reviews/review-row'
import { isoTime } from '../timestamps'

export const heldReviews = z.object({
  /** How many wait for a decision. */
  waiting: z.number().int(),
  /** When the first of them expires; null when none waits. */
  nextExpiresAt: isoTime.nullable(),
})

/** What waits for a decision now, as far as the actor may see reviews. */
export async function readHeld(ctx: Context): Promise<z.infer<typeof heldReviews>> {
  const [row] = await ctx.db
    .select({
      waiting: sql`count(*)`.mapWith(Number),
      next: sql<Date | string | null>`min(${reviews.expiresAt})`,
    })
    .from(reviews)
    .where(and(eq(reviews.state, 'pending'), gt(reviews.expiresAt, sql`clock_timestamp()`), visibleReviews(ctx)))
  const next = row?.next ?? null
  return { waiting: row?.waiting ?? 0, nextExpiresAt: next === null ? null : new Date(next).toISOString() }
}

/** Reviews opened since `from`, by the minute since 1970 in which they were. */
export async function heldByMinute(ctx: Context, from: Date): Promise<ReadonlyMap<number, number>> {
  const minute = sql`floor(extract(epoch from ${reviews.openedAt}) / 60)::float8`
  const rows = await ctx.db
    .select({ minute: minute.mapWith(Number), held: sql`count(*)`.mapWith(Number) })
    .from(reviews)
    .where(and(sql`${reviews.openedAt} >= ${from.toISOString()}::timestamptz`, visibleReviews(ctx)))
    .groupBy(minute)
  return new Map(rows.map((row) => [row.minute, row.held]))
}
