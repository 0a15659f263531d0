import type { z } from 'zod'
import { SallyportError } from '../../domain/errors'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { endReview } from '../gateway/close-reviews'
import { parseInput } from '../input'
import { nameOf } from './cast-vote'
import { type ReviewDetail, readReview } from './read'
import { lockReview, reviewIdInput } from './review-row'

/** Takes a pending review back: for the human behind the requester. Throws `conflict` when it is decided or its time is over. */
export async function cancelReview({ ctx, input }: Call<z.input<typeof reviewIdInput>>): Promise<ReviewDetail> {
  const { id } = parseInput(reviewIdInput, input)
  await inTransaction(ctx, async (inside) => {
    const row = await lockReview(inside, id)
    const { review, state } = row
    if (review.humanId !== inside.actor.principal.id)
      throw new SallyportError('forbidden', 'Only the human behind the requester takes a request back.')
    if (state !== 'pending') throw new SallyportError('conflict', 'This review is not open any more.')
    await endReview(inside, { id: review.id, over: false }, 'by-requester')
    await emitAudit(inside, { action: 'review.cancel', targetId: review.id, targetName: nameOf(row) })
  })
  return readReview({ ctx, input: { id } })
}
