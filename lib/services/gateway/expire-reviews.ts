import { and, eq, sql } from 'drizzle-orm'
import { reviews } from '../../db/schema/reviews'
import type { ReviewId } from '../../domain/ids'
import { tellDecided } from './close-reviews'
import { type GatewayContext, inGatewayTransaction } from './gateway-context'

/** Most that one sweep marks, so that it never holds many rows. */
const AT_ONCE = 100

/**
 * Marks pending reviews whose time is over, so that lists and clients hear of it. Nothing depends on it: a review whose time is over
 * cannot be approved, marked or not. Any worker may call it, several at a time.
 */
export async function expireReviews(ctx: GatewayContext): Promise<readonly ReviewId[]> {
  return inGatewayTransaction(ctx, async (inside) => {
    const over = await inside.db
      .select({ id: reviews.id })
      .from(reviews)
      .where(and(eq(reviews.state, 'pending'), sql`${reviews.expiresAt} <= clock_timestamp()`))
      .limit(AT_ONCE)
      .for('update', { skipLocked: true })
    for (const { id } of over) {
      await inside.db.update(reviews).set({ state: 'expired' }).where(eq(reviews.id, id))
      await tellDecided(inside, id, 'review.expired')
    }
    return over.map(({ id }) => id)
  })
}
