import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { ConnectionId, PrincipalId, ReviewId, RunId, SessionId, TokenId, WorkerId } from '../../domain/ids'
import type { PrincipalKind } from '../../domain/principal'
import type { ApprovalScope, CloseReason, HoldDemand, ReviewState, RowEstimate } from '../../domain/review'
import type { SqlFacts } from '../../domain/sql-facts'
import { bytea } from './connections'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * Operations that policy holds for people. Opened by a proxy; a trigger makes sure that every row says what its subject says, that
 * nothing but its state ever changes, and that no state is reached that votes or the clock do not bear out (`guard_review`).
 */
export const reviews = pgTable(
  'reviews',
  {
    id: text('id').$type<ReviewId>().primaryKey(),
    state: text('state').$type<ReviewState>().notNull().default('pending'),
    /** `wait`: the client of this session waits. `ticket`: the re-sent operation uses the approval, in any session. */
    mode: text('mode').$type<'wait' | 'ticket'>().notNull(),
    /** Canonical JSON of the ReviewSubject, and its SHA-256: what is approved, to the byte. */
    subject: text('subject').notNull(),
    digest: bytea('digest').notNull(),
    principalId: text('principal_id').$type<PrincipalId>().notNull(),
    principalName: text('principal_name').notNull(),
    principalKind: text('principal_kind').$type<PrincipalKind>().notNull(),
    /** The human behind it. */
    humanId: text('human_id').$type<PrincipalId>().notNull(),
    humanName: text('human_name').notNull(),
    runId: text('run_id').$type<RunId>(),
    runLabel: text('run_label'),
    tokenId: text('token_id').$type<TokenId>().notNull(),
    sessionId: text('session_id').$type<SessionId>().notNull(),
    op: bigint('op', { mode: 'number' }).notNull(),
    workerId: text('worker_id').$type<WorkerId>().notNull(),
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    connectionVersion: integer('connection_version').notNull(),
    connectionName: text('connection_name').notNull(),
    facts: jsonb('facts').$type<SqlFacts>(),
    /** SHA-256 of what a grant covers (see `grantDigest`); null when no grant can cover it. */
    shapeDigest: bytea('shape_digest'),
    demands: jsonb('demands').$type<readonly HoldDemand[]>().notNull(),
    policyVersion: bigint('policy_version', { mode: 'number' }).notNull(),
    /** What the requester says of it: never verified. */
    said: text('said'),
    estimate: jsonb('estimate').$type<RowEstimate>(),
    /** How often the identical operation was sent again while this was pending, and when last. */
    repeats: integer('repeats').notNull().default(0),
    askedAt: at('asked_at').notNull().defaultNow(),
    openedAt: at('opened_at').notNull().defaultNow(),
    /** Until when it may be approved; once it is, until when the approval may be used. */
    expiresAt: at('expires_at').notNull(),
    decidedAt: at('decided_at'),
    /** Why it was cancelled. */
    closeReason: text('close_reason').$type<CloseReason>(),
  },
  (t) => [
    index('reviews_opened').on(t.openedAt, t.id),
    index('reviews_pending').on(t.expiresAt).where(sql`${t.state} = 'pending'`),
    index('reviews_principal').on(t.principalId, t.openedAt, t.id),
    index('reviews_human').on(t.humanId, t.openedAt, t.id),
    index('reviews_digest').on(t.digest),
    index('reviews_session').on(t.sessionId),
    check('reviews_state', sql`${t.state} in ('pending', 'approved', 'rejected', 'expired', 'cancelled')`),
    check('reviews_mode', sql`${t.mode} in ('wait', 'ticket')`),
    check('reviews_said', sql`octet_length(${t.said}) <= 2048`),
    check('reviews_closed', sql`(${t.state} = 'cancelled') = (${t.closeReason} is not null)`),
  ],
)

/** One vote of one human. Append-only; who may vote, and for which groups it counts, a trigger decides (`guard_vote`). */
export const reviewVotes = pgTable(
  'review_votes',
  {
    reviewId: text('review_id')
      .$type<ReviewId>()
      .notNull()
      .references(() => reviews.id),
    voterId: text('voter_id').$type<PrincipalId>().notNull(),
    voterName: text('voter_name').notNull(),
    via: text('via').notNull(),
    decision: text('decision').$type<'approve' | 'reject'>().notNull(),
    /** How far an approval was meant to reach; null on a rejection. */
    scope: jsonb('scope').$type<ApprovalScope>(),
    /** What the client reads; null on an approval. */
    reason: text('reason'),
    /** The demanded groups that the voter was in. Set by the store. */
    groups: text('groups').array().notNull().default(sql`'{}'`),
    votedAt: at('voted_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.reviewId, t.voterId] }),
    check('review_votes_decision', sql`${t.decision} in ('approve', 'reject')`),
    check(
      'review_votes_reason',
      sql`octet_length(${t.reason}) <= 2048 and (${t.decision} = 'reject') = (${t.reason} is not null)`,
    ),
    check('review_votes_scope', sql`(${t.decision} = 'approve') = (${t.scope} is not null)`),
  ],
)

/** That an approval was used. Its key is the review: there can be no second. Append-only. */
export const reviewExecutions = pgTable('review_executions', {
  reviewId: text('review_id')
    .$type<ReviewId>()
    .primaryKey()
    .references(() => reviews.id),
  digest: bytea('digest').notNull(),
  sessionId: text('session_id').$type<SessionId>().notNull(),
  op: bigint('op', { mode: 'number' }).notNull(),
  workerId: text('worker_id').$type<WorkerId>().notNull(),
  policyVersion: bigint('policy_version', { mode: 'number' }).notNull(),
  executedAt: at('executed_at').notNull().defaultNow(),
})
