import { z } from 'zod'
import { LIMITS } from '../../domain/limits'
import type { Call } from '../context'
import { parseInput } from '../input'
import { castVote } from './cast-vote'
import { type ReviewDetail, readReview } from './read'

export const rejectReviewInput = z.strictObject({
  id: z.string().max(64),
  /** What the client reads, in one line. */
  reason: z
    .string()
    .transform((text) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim())
    .pipe(
      z
        .string()
        .min(1, 'say why')
        .refine(
          (text) => Buffer.byteLength(text) <= LIMITS.reasonBytes,
          `may have ${LIMITS.reasonBytes} bytes at most`,
        ),
    ),
})

/** One human's no, which is enough. Whoever may approve may reject; the client reads the reason. */
export async function rejectReview({ ctx, input }: Call<z.input<typeof rejectReviewInput>>): Promise<ReviewDetail> {
  const { id, reason } = parseInput(rejectReviewInput, input)
  await castVote(ctx, id, { decision: 'reject', reason })
  return readReview({ ctx, input: { id } })
}
