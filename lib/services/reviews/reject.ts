import { z } from 'zod'
import { LIMIT_RANGES } from '../../domain/limit-ranges'
import { type Call, limitsOf } from '../context'
import { parseInput } from '../input'
import { castVote } from './cast-vote'
import { type ReviewDetail, readReview } from './read'

const inputWithin = (reasonBytes: number) =>
  z.strictObject({
    id: z.string().max(64),
    /** What the client reads, in one line. */
    reason: z
      .string()
      .transform((text) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim())
      .pipe(
        z
          .string()
          .min(1, 'say why')
          .refine((text) => Buffer.byteLength(text) <= reasonBytes, `may have ${reasonBytes} bytes at most`),
      ),
  })
/** For the widest limit that can be set; the one in force is checked by the verb. */
export const rejectReviewInput = inputWithin(LIMIT_RANGES.reasonBytes[1])

/** One human's no, which is enough. Whoever may approve may reject; the client reads the reason. */
export async function rejectReview({ ctx, input }: Call<z.input<typeof rejectReviewInput>>): Promise<ReviewDetail> {
  const { id, reason } = parseInput(inputWithin(limitsOf(ctx).reasonBytes), input)
  await castVote(ctx, id, { decision: 'reject', reason })
  return readReview({ ctx, input: { id } })
}
