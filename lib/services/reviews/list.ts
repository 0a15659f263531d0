import { and, desc, eq, gt, ilike, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { reviews } from '../../db/schema/reviews'
import type { ReviewId } from '../../domain/ids'
import type { Page } from '../../domain/page'
import { REVIEW_STATES } from '../../domain/review'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { containing } from '../search-pattern'
import { type ReviewItem, toReviewItem } from './review-item'
import { selectReviews, stateNow, visibleReviews } from './review-row'
import { readVotes } from './votes'

export const listReviewsInput = z.strictObject({
  ...pageInput,
  /** `decided`: anything but pending. */
  state: z.enum([...REVIEW_STATES, 'decided']).optional(),
  /** Those the viewer is the human behind. */
  requestedByMe: z.boolean().optional(),
  principalId: z.string().max(64).optional(),
  sessionId: z.string().max(64).optional(),
  runId: z.string().max(64).optional(),
  /** Name of a connection. */
  connection: z.string().max(63).optional(),
  /** Finds names of who asks and where, and the review with this id. */
  query: z.string().max(200).optional(),
})

/** Reviews, newest first. Without `reviews:read`: those the viewer is the human behind. */
export async function listReviews({ ctx, input }: Call<z.input<typeof listReviewsInput>>): Promise<Page<ReviewItem>> {
  const query = parseInput(listReviewsInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const where = and(visibleReviews(ctx), ...conditions(ctx, query))
  const rows = await selectReviews(ctx.db, where, [desc(reviews.id)], limit + 1)
  const votes = await readVotes(
    ctx.db,
    rows.map(({ review }) => review.id),
  )
  return toPage(
    rows,
    limit,
    (row) =>
      toReviewItem(
        ctx,
        row,
        votes.filter(({ reviewId }) => reviewId === row.review.id),
      ),
    ({ review }) => [review.id],
  )
}

function conditions(ctx: Context, query: z.output<typeof listReviewsInput>): (SQL | undefined)[] {
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(lt(reviews.id, decodeCursor(idCursor, query.cursor)[0] as ReviewId))
  if (query.state !== undefined) found.push(stateIs(query.state))
  if (query.requestedByMe) found.push(eq(reviews.humanId, ctx.actor.principal.id))
  if (query.principalId !== undefined) found.push(sql`${reviews.principalId} = ${query.principalId}`)
  if (query.sessionId !== undefined) found.push(sql`${reviews.sessionId} = ${query.sessionId}`)
  if (query.runId !== undefined) found.push(sql`${reviews.runId} = ${query.runId}`)
  if (query.connection !== undefined) found.push(eq(reviews.connectionName, query.connection))
  if (query.query) {
    const pattern = containing(query.query)
    found.push(
      or(
        ilike(reviews.principalName, pattern),
        ilike(reviews.humanName, pattern),
        ilike(reviews.connectionName, pattern),
        eq(reviews.id, query.query as ReviewId),
      ),
    )
  }
  return found
}

/** Written so that the index on pending ones serves. */
function stateIs(state: (typeof REVIEW_STATES)[number] | 'decided'): SQL | undefined {
  const over = lte(reviews.expiresAt, sql`clock_timestamp()`)
  if (state === 'pending') return and(eq(reviews.state, 'pending'), gt(reviews.expiresAt, sql`clock_timestamp()`))
  if (state === 'decided') return or(ne(reviews.state, 'pending'), over)
  return eq(stateNow, state)
}
