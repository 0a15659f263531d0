import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { connections } from '../../db/schema/connections'
import { grants } from '../../db/schema/grants'
import { policyVersions } from '../../db/schema/policies'
import { sessions } from '../../db/schema/sessions'
import { findDangerous } from '../../domain/dangerous-text'
import { OPERATION_TYPES } from '../../domain/event'
import { narrowestScope } from '../../domain/quorum'
import { CLOSE_WORDS } from '../../domain/review'
import { parseDocument } from '../../policy/parse'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { findOperation } from '../sessions/operations'
import { iso, isoTime } from '../timestamps'
import { approvalScope } from './approval-scope'
import { reviewItem, subjectOf, toReviewItem } from './review-item'
import { findReview, type ReviewRow, reviewIdInput } from './review-row'
import { type KeptVote, readVotes } from './votes'

const bind = z.union([
  z.object({ text: z.string() }),
  z.object({ base64: z.string() }),
  z.object({
    format: z.enum(['text', 'binary']),
    in: z.tuple([z.number(), z.number()]),
    sha256: z.string(),
  }),
  z.null(),
])

export const reviewDetail = reviewItem.extend({
  /** All of the text that is approved; base64 of its exact bytes where they are not UTF-8. */
  text: z.string(),
  type: z.enum(OPERATION_TYPES),
  binds: z.array(bind),
  maxRows: z.number().int().nullable(),
  /** What of the target's session gives it its meaning. null: not known. */
  sessionState: z.object({
    searchPath: z.array(z.string()).nullable(),
    role: z.string().nullable(),
    sessionRole: z.string().nullable(),
  }),
  /** SHA-256 of everything the approval is bound to, in hex. */
  digest: z.string(),
  /** Characters of the text that could make it read as something it is not. */
  dangers: z.array(
    z.object({
      at: z.number().int(),
      line: z.number().int(),
      byte: z.number().int(),
      code: z.string(),
      danger: z.enum(['control', 'bidi', 'invisible', 'mixed-script', 'look-alike']),
    }),
  ),
  tags: z.record(z.string(), z.string()),
  session: z.object({ id: z.string(), op: z.number().int(), live: z.boolean() }),
  client: z.object({ address: z.string(), application: z.string() }).nullable(),
  /** The set of policies that holds it, and the documents that its demands stand in. */
  policyVersion: z.number().int(),
  documents: z.array(z.object({ policy: z.string(), document: z.string().nullable() })),
  votes: z.array(
    z.object({
      voter: z.object({ id: z.string(), name: z.string() }),
      decision: z.enum(['approve', 'reject']),
      groups: z.array(z.string()),
      scope: approvalScope.nullable(),
      reason: z.string().nullable(),
      at: isoTime,
    }),
  ),
  /** Of an approved one: what everybody who approved meant at least. */
  scope: approvalScope.nullable(),
  grantId: z.string().nullable(),
  /** Why it was cancelled, in words. */
  closeReason: z.string().nullable(),
  /** What the requester says of it: nothing vouches for it. */
  said: z.string().nullable(),
  /** False: it can be approved once only. */
  grantable: z.boolean(),
  /** The viewer may take it back. */
  cancellable: z.boolean(),
  /** The operation that used the approval, and what became of it as far as it was recorded. */
  execution: z
    .object({
      sessionId: z.string(),
      op: z.number().int(),
      at: isoTime,
      /** null: it runs. `unknown`: its session ended without an answer. */
      status: z.string().nullable(),
      rows: z.number().int().nullable(),
      durationUs: z.number().nullable(),
    })
    .nullable(),
})
export type ReviewDetail = z.infer<typeof reviewDetail>

/** One review with all that a decision rests on. */
export async function readReview({ ctx, input }: Call<z.input<typeof reviewIdInput>>): Promise<ReviewDetail> {
  const { id } = parseInput(reviewIdInput, input)
  const row = await findReview(ctx, id)
  const { review } = row
  const votes = await readVotes(ctx.db, [review.id])
  const subject = subjectOf(row)
  return {
    ...toReviewItem(ctx, row, votes),
    text: subject.text,
    type: subject.type,
    binds: [...(subject.binds ?? [])] as z.infer<typeof bind>[],
    maxRows: subject.maxRows ?? null,
    sessionState: { ...subject.state, searchPath: subject.state.searchPath && [...subject.state.searchPath] },
    digest: Buffer.from(review.digest).toString('hex'),
    dangers: subject.encoding === 'base64' ? [] : findDangerous(subject.text),
    ...(await surroundings(ctx, row)),
    policyVersion: review.policyVersion,
    documents: await documentsOf(ctx, row),
    votes: votes.map(toVoteItem),
    scope: row.state === 'approved' ? narrowestScope(votes) : null,
    closeReason: review.closeReason === null ? null : CLOSE_WORDS[review.closeReason],
    said: review.said,
    grantable: review.shapeDigest !== null,
    cancellable: row.state === 'pending' && review.humanId === ctx.actor.principal.id,
    execution: await executionOf(ctx, row),
  }
}

function toVoteItem({ principal, decision, groups, scope, reason, votedAt }: KeptVote) {
  return { voter: principal, decision, groups: [...groups], scope, reason, at: iso(votedAt) }
}

async function surroundings(ctx: Context, { review }: ReviewRow) {
  const [[connection], [session], [grant]] = await Promise.all([
    ctx.db.select({ tags: connections.tags }).from(connections).where(eq(connections.id, review.connectionId)),
    ctx.db.select().from(sessions).where(eq(sessions.id, review.sessionId)),
    ctx.db.select({ id: grants.id }).from(grants).where(eq(grants.reviewId, review.id)),
  ])
  return {
    tags: session?.tags ?? connection?.tags ?? {},
    // A session that was not shipped yet is live.
    session: { id: review.sessionId, op: review.op, live: (session?.endedAt ?? null) === null },
    client: session === undefined ? null : { address: session.clientAddress, application: session.application },
    grantId: grant?.id ?? null,
  }
}

async function documentsOf(ctx: Context, { review }: ReviewRow): Promise<ReviewDetail['documents']> {
  const [set] = await ctx.db
    .select({ documents: policyVersions.documents })
    .from(policyVersions)
    .where(eq(policyVersions.version, review.policyVersion))
  const statements = (set?.documents ?? []).flatMap((document) => parseDocument(document).statements)
  return [...new Set(review.demands.map(({ policy }) => policy))].map((policy) => ({
    policy,
    document: statements.find(({ id }) => id === policy)?.document ?? null,
  }))
}

async function executionOf(ctx: Context, { execution }: ReviewRow): Promise<ReviewDetail['execution']> {
  if (execution === null) return null
  const { sessionId, op, executedAt } = execution
  const outcome = (await findOperation(ctx.db, sessionId, op))?.outcome
  const [session] = await ctx.db.select({ endedAt: sessions.endedAt }).from(sessions).where(eq(sessions.id, sessionId))
  // None comes any more once the session has ended.
  const without = session !== undefined && session.endedAt !== null ? 'unknown' : null
  return {
    ...{ sessionId, op, at: iso(executedAt) },
    ...{ status: outcome?.status ?? without, rows: outcome?.rows ?? null, durationUs: outcome?.durationUs ?? null },
  }
}
