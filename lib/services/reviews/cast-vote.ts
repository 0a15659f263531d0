import { eq } from 'drizzle-orm'
import { reviews, reviewVotes } from '../../db/schema/reviews'
import { SallyportError } from '../../domain/errors'
import { approvalsIn, demandsMet } from '../../domain/quorum'
import type { ApprovalScope } from '../../domain/review'
import { emitAudit } from '../audit/emit'
import { type Context, inTransaction } from '../context'
import { tellDecided } from '../gateway/close-reviews'
import { notifyLive } from '../signals/notify'
import { breaksGuard } from '../store-refusals'
import { grantWhatWasMeant } from './grant-what-was-meant'
import { lockReview, type ReviewRow } from './review-row'
import { type KeptVote, readVotes } from './votes'
import { barWords, type VotingBar, votingBar } from './voting'

export type Ballot =
  | { readonly decision: 'approve'; readonly scope: ApprovalScope }
  | { readonly decision: 'reject'; readonly reason: string }

/**
 * Adds the actor's vote to a review and, when that decides it, decides it: one lock, one transaction. Votes of those who stand behind
 * the request, or are not asked, are refused and recorded.
 */
export async function castVote(ctx: Context, id: string, ballot: Ballot): Promise<void> {
  const bar = await inTransaction(ctx, async (inside) => {
    const row = await lockReview(inside, id)
    const votes = await readVotes(inside.db, [row.review.id])
    const found = votingBar(inside.actor, toVotable(row, votes))
    if (found === null) await countVote(inside, row, votes, ballot)
    else if (found !== 'voted' && found !== 'closed') await recordRefusal(inside, row, ballot, found)
    return found
  }).catch((error: unknown) => {
    // The store looks for itself at roles, groups and humans, as they are at this very moment.
    throw breaksGuard(error)
      ? new SallyportError('conflict', 'The store refuses this vote. Load the review again.')
      : error
  })
  if (bar === null) return
  throw new SallyportError(bar === 'closed' || bar === 'voted' ? 'conflict' : 'forbidden', barWords(bar))
}

export function toVotable({ review, state, requesters }: ReviewRow, votes: readonly KeptVote[]) {
  const voters = votes.map(({ principal }) => principal.id)
  return { open: state === 'pending', demands: review.demands, requesters, voters }
}

async function countVote(ctx: Context, row: ReviewRow, before: readonly KeptVote[], ballot: Ballot): Promise<void> {
  const { review } = row
  if (ballot.decision === 'approve') checkScope(row, ballot.scope)
  const { principal, via } = ctx.actor
  await ctx.db
    .insert(reviewVotes)
    .values({ reviewId: review.id, voterId: principal.id, voterName: principal.name, via: via.kind, ...ballot })
  const votes = await readVotes(ctx.db, [review.id])
  const approvals = approvalsIn(votes)
  const state =
    ballot.decision === 'reject' ? 'rejected' : demandsMet(review.demands, approvals) ? 'approved' : 'pending'
  await emitAudit(ctx, {
    action: `review.${ballot.decision}`,
    targetId: review.id,
    targetName: nameOf(row),
    detail: {
      ...(ballot.decision === 'approve' ? { scope: ballot.scope } : { reason: ballot.reason }),
      ...{ state, votes: before.length + 1, digest: Buffer.from(review.digest).toString('hex') },
    },
  })
  if (state === 'pending') return tellVoted(ctx, row)
  await ctx.db.update(reviews).set({ state }).where(eq(reviews.id, review.id))
  if (state === 'approved') await grantWhatWasMeant(ctx, row, votes)
  await tellDecided(ctx, review.id, `review.${state}`)
}

/** A grant needs a shape that statements can be compared by; one for a run needs a run. */
function checkScope({ review }: ReviewRow, scope: ApprovalScope): void {
  const reason =
    scope.kind === 'once'
      ? null
      : review.shapeDigest === null
        ? 'this can only be approved once: what is like it cannot be told from what is not'
        : scope.kind === 'run' && review.runId === null
          ? 'it belongs to no run'
          : null
  if (reason !== null) throw new SallyportError('invalid_input', `scope: ${reason}`, { field: 'scope' })
}

async function tellVoted(ctx: Context, { review }: ReviewRow): Promise<void> {
  await notifyLive(ctx.db, 'reviews')
  await notifyLive(ctx.db, `review:${review.id}`)
}

async function recordRefusal(ctx: Context, row: ReviewRow, ballot: Ballot, bar: VotingBar): Promise<void> {
  await emitAudit(ctx, {
    action: 'review.refuse-vote',
    targetId: row.review.id,
    targetName: nameOf(row),
    detail: { decision: ballot.decision, why: bar },
  })
}

export function nameOf({ review }: ReviewRow): string {
  return `${review.principalName} on ${review.connectionName}`
}
