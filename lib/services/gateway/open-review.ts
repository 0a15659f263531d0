import { and, count, desc, eq, isNull, or, sql } from 'drizzle-orm'
import { grantDigest, sealSubject } from '../../crypto/review-digest'
import { connections } from '../../db/schema/connections'
import { reviewExecutions, reviews, reviewVotes } from '../../db/schema/reviews'
import { notApprovable } from '../../domain/approvable'
import { newId, type ReviewId, type SessionId, type TokenId, type WorkerId } from '../../domain/ids'
import type { HoldDemand, ReviewSubject, StatementShape } from '../../domain/review'
import type { SqlFacts } from '../../domain/sql-facts'
import { idSource, limitsOf } from '../context'
import { queueNotice } from '../reviews/queue-notice'
import { notifyLive } from '../signals/notify'
import { type GatewayContext, inGatewayTransaction } from './gateway-context'
import { policySetVersion } from './policy-set'
import { type TakenGrant, takeGrant } from './take-grant'

/** A held operation, as the proxy that holds it knows it. */
export interface ReviewRequest {
  readonly subject: ReviewSubject
  /** null where there is nothing to know. */
  readonly facts: SqlFacts | null
  /** null: no grant may cover it (opaque, unparsed, or not to be told from others by its shape). */
  readonly shape: StatementShape | null
  readonly demands: readonly [HoldDemand, ...HoldDemand[]]
  /** The set by which it is held. */
  readonly policyVersion: number
  readonly mode: 'wait' | 'ticket'
  readonly sessionId: SessionId
  readonly op: number
  readonly tokenId: TokenId
  readonly workerId: WorkerId
  /** The requester's own words, where there are any. */
  readonly said: string | null
}

export type OpenedReview =
  /** A grant covers it: run it with these approvals. */
  | ({ readonly kind: 'granted' } & TakenGrant)
  /** It was approved before and is now sent again (`ticket`): `claimReview` it. */
  | { readonly kind: 'approved'; readonly reviewId: ReviewId }
  /** It was sent again within the time of a rejection (`ticket`). */
  | { readonly kind: 'rejected'; readonly reviewId: ReviewId; readonly reason: string }
  /** `merged`: the identical operation was waiting already. */
  | { readonly kind: 'pending'; readonly reviewId: ReviewId; readonly expiresAt: Date; readonly merged: boolean }
  /** It was judged by a set that is no longer in force: load the newest and judge again. */
  | { readonly kind: 'stale-policies'; readonly version: number }
  /** Nobody can be asked. The reason is fit for the client. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Asks people about a held operation, or finds that they have answered already. By the store's clock, one at a time a principal. */
export async function openReview(ctx: GatewayContext, request: ReviewRequest): Promise<OpenedReview> {
  const unfit = notApprovable(request.subject, limitsOf(ctx))
  if (unfit !== null) return { kind: 'refused', reason: unfit }
  const { text, digest } = sealSubject(request.subject)
  return inGatewayTransaction(ctx, async (inside) => {
    const { principal } = request.subject
    await inside.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`reviews:${principal}`}, 0))`)
    const version = await policySetVersion(inside.db)
    if (version !== request.policyVersion) return { kind: 'stale-policies', version }
    const shapeDigest = request.shape === null ? null : grantDigest(request.subject, request.shape)
    const granted = shapeDigest === null ? null : await takeGrant(inside.db, request, shapeDigest)
    if (granted !== null) return { kind: 'granted', ...granted }
    const answered = request.mode === 'ticket' ? await findAnswer(inside, digest) : null
    if (answered !== null) return answered
    return (await joinPending(inside, request, digest)) ?? open(inside, request, { text, digest, shapeDigest })
  })
}

/** What people said of the identical operation of the same principal, as long as that is good. */
async function findAnswer(ctx: GatewayContext, digest: Uint8Array): Promise<OpenedReview | null> {
  const [last] = await ctx.db
    .select({ id: reviews.id, state: reviews.state, reason: reviewVotes.reason })
    .from(reviews)
    .leftJoin(reviewExecutions, eq(reviewExecutions.reviewId, reviews.id))
    .leftJoin(reviewVotes, and(eq(reviewVotes.reviewId, reviews.id), eq(reviewVotes.decision, 'reject')))
    .where(
      and(
        eq(reviews.digest, digest),
        eq(reviews.mode, 'ticket'),
        isNull(reviewExecutions.reviewId),
        or(
          and(eq(reviews.state, 'approved'), sql`${reviews.expiresAt} > clock_timestamp()`),
          and(
            eq(reviews.state, 'rejected'),
            sql`${reviews.decidedAt} > clock_timestamp() - make_interval(secs => ${limitsOf(ctx).reviewMs / 1000})`,
          ),
        ),
      ),
    )
    .orderBy(desc(reviews.decidedAt))
    .limit(1)
  if (last === undefined) return null
  if (last.state === 'approved') return { kind: 'approved', reviewId: last.id }
  return { kind: 'rejected', reviewId: last.id, reason: last.reason ?? '' }
}

/** The identical operation that is pending already: of the same session, or of any where a ticket is waited for. */
async function joinPending(
  { db }: GatewayContext,
  { mode, sessionId }: ReviewRequest,
  digest: Uint8Array,
): Promise<OpenedReview | null> {
  const [pending] = await db
    .update(reviews)
    .set({ repeats: sql`${reviews.repeats} + 1`, askedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(reviews.digest, digest),
        eq(reviews.mode, mode),
        mode === 'wait' ? eq(reviews.sessionId, sessionId) : undefined,
        eq(reviews.state, 'pending'),
        sql`${reviews.expiresAt} > clock_timestamp()`,
      ),
    )
    .returning({ id: reviews.id, expiresAt: reviews.expiresAt })
  if (pending === undefined) return null
  await notifyLive(db, `review:${pending.id}`)
  return { kind: 'pending', reviewId: pending.id, expiresAt: pending.expiresAt, merged: true }
}

interface Sealed {
  readonly text: string
  readonly digest: Uint8Array
  readonly shapeDigest: Uint8Array | null
}

async function open(ctx: GatewayContext, request: ReviewRequest, sealed: Sealed): Promise<OpenedReview> {
  const { subject } = request
  const [waiting] = await ctx.db
    .select({ n: count() })
    .from(reviews)
    .where(
      and(
        eq(reviews.principalId, subject.principal),
        eq(reviews.state, 'pending'),
        sql`${reviews.expiresAt} > clock_timestamp()`,
      ),
    )
  const { pendingReviews } = limitsOf(ctx)
  if ((waiting?.n ?? 0) >= pendingReviews)
    return {
      kind: 'refused',
      reason: `as many commands of this principal as may wait for approval (${pendingReviews}) wait already; wait for an answer to one`,
    }
  const [connection] = await ctx.db
    .select({ version: connections.version })
    .from(connections)
    .where(
      and(eq(connections.id, subject.connection.id), isNull(connections.deletedAt), isNull(connections.disabledAt)),
    )
  if (connection?.version !== subject.connection.version)
    return { kind: 'refused', reason: 'the connection was changed since this session began; connect again' }
  const reviewId = newId('review', idSource(ctx))
  const expiresAt = await insertReview(ctx, reviewId, request, sealed)
  await queueNotice(ctx, reviewId, 'review.opened')
  await notifyLive(ctx.db, 'reviews')
  return { kind: 'pending', reviewId, expiresAt, merged: false }
}

/** By hand: the query builder would name every column, and most are not the proxy's to say. */
async function insertReview(
  { db }: GatewayContext,
  id: ReviewId,
  { subject, mode, sessionId, op, tokenId, workerId, facts, demands, policyVersion, said }: ReviewRequest,
  { text, digest, shapeDigest }: Sealed,
): Promise<Date> {
  const [row] = await db.execute<{ expires_at: Date | string }>(sql`
    insert into reviews (id, mode, subject, digest, principal_id, principal_name, principal_kind, human_id, human_name,
      run_id, run_label, token_id, session_id, op, worker_id, connection_id, connection_version, connection_name,
      facts, shape_digest, demands, policy_version, said)
    select ${id}, ${mode}, ${text}, ${digest}, p.id, p.name, p.kind, h.id, h.name,
      r.id, r.label, ${tokenId}, ${sessionId}, ${op}, ${workerId}, c.id, c.version, c.name,
      ${facts === null ? null : JSON.stringify(facts)}::jsonb, ${shapeDigest}, ${JSON.stringify(demands)}::jsonb, ${policyVersion}, ${said}
    from principals p
    join principals h on h.id = ${subject.human}
    join connections c on c.id = ${subject.connection.id}
    left join runs r on r.id = ${subject.run}
    where p.id = ${subject.principal}
    returning expires_at`)
  if (row === undefined) throw new Error('the review was not kept')
  return new Date(row.expires_at)
}
