import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { reviews } from '../../db/schema/reviews'
import type { ReviewId } from '../../domain/ids'
import type { RowEstimate } from '../../domain/review'
import { notifyLive } from '../signals/notify'

/** Adds what EXPLAIN thinks to a pending review, once. */
export async function noteEstimate(db: Database, reviewId: ReviewId, estimate: RowEstimate): Promise<void> {
  await db.transaction(async (tx) => {
    const noted = await tx
      .update(reviews)
      .set({ estimate })
      .where(and(eq(reviews.id, reviewId), eq(reviews.state, 'pending'), isNull(reviews.estimate)))
      .returning({ id: reviews.id })
    if (noted.length > 0) await notifyLive(tx, `review:${reviewId}`)
  })
}
