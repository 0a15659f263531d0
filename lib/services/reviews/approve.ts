import { z } from 'zod'
import { LIMIT_RANGES } from '../../domain/limit-ranges'
import { type Call, limitsOf } from '../context'
import { parseInput } from '../input'
import { scopeWithin } from './approval-scope'
import { castVote } from './cast-vote'
import { type ReviewDetail, readReview } from './read'

const inputWithin = (grantMinutes: number) =>
  z.strictObject({
    id: z.string().max(64),
    /** How far the approval reaches; what every approver meant at least counts. */
    scope: scopeWithin(grantMinutes).default({ kind: 'once' }),
  })
/** For the widest limit that can be set; the one in force is checked by the verb. */
export const approveReviewInput = inputWithin(LIMIT_RANGES.grantMinutes[1])

/**
 * One human's yes to exactly what the review shows. It is approved once every demanded group has its quorum. Throws `forbidden` for
 * whoever stands behind the request or is not asked, and `conflict` when it is decided or its time is over.
 */
export async function approveReview({ ctx, input }: Call<z.input<typeof approveReviewInput>>): Promise<ReviewDetail> {
  const { id, scope } = parseInput(inputWithin(limitsOf(ctx).grantMinutes), input)
  await castVote(ctx, id, { decision: 'approve', scope })
  return readReview({ ctx, input: { id } })
}
