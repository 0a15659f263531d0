import { z } from 'zod'
import type { Call } from '../context'
import { parseInput } from '../input'
import { approvalScope } from './approval-scope'
import { castVote } from './cast-vote'
import { type ReviewDetail, readReview } from './read'

export const approveReviewInput = z.strictObject({
  id: z.string().max(64),
  /** How far the approval reaches; what every approver meant at least counts. */
  scope: approvalScope.default({ kind: 'once' }),
})

/**
 * One human's yes to exactly what the review shows. It is approved once every demanded group has its quorum. Throws `forbidden` for
 * whoever stands behind the request or is not asked, and `conflict` when it is decided or its time is over.
 */
export async function approveReview({ ctx, input }: Call<z.input<typeof approveReviewInput>>): Promise<ReviewDetail> {
  const { id, scope } = parseInput(approveReviewInput, input)
  await castVote(ctx, id, { decision: 'approve', scope })
  return readReview({ ctx, input: { id } })
}
