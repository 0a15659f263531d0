import { reviewNotices } from '../../db/schema/notices'
import { newId, type ReviewId } from '../../domain/ids'
import type { NoticeKind } from '../../domain/review'
import { type Context, idSource } from '../context'

/** Notes, in the transaction that does it, what is to be told outside about a review. A portal sends it afterwards. */
export async function queueNotice(
  ctx: Pick<Context, 'db' | 'clock' | 'random'>,
  reviewId: ReviewId,
  kind: NoticeKind,
): Promise<void> {
  await ctx.db.insert(reviewNotices).values({ id: newId('notice', idSource(ctx)), reviewId, kind })
}
