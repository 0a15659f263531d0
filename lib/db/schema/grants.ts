import { bigint, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Approval } from '../../domain/event'
import type { ConnectionId, GrantId, PrincipalId, ReviewId, RunId } from '../../domain/ids'
import { bytea } from './connections'
import { reviews } from './reviews'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * A right for a while: operations of the shape that was approved. Made in the transaction that approves; whoever makes it gives the
 * review, and the store fills in the rest from the review and its votes (`guard_grant`), so that none is wider than what was voted.
 */
export const grants = pgTable(
  'grants',
  {
    id: text('id').$type<GrantId>().primaryKey(),
    reviewId: text('review_id')
      .$type<ReviewId>()
      .notNull()
      .unique()
      .references(() => reviews.id),
    principalId: text('principal_id').$type<PrincipalId>().notNull(),
    humanId: text('human_id').$type<PrincipalId>().notNull(),
    /** Set: good for this run only. */
    runId: text('run_id').$type<RunId>(),
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    connectionVersion: integer('connection_version').notNull(),
    shapeDigest: bytea('shape_digest').notNull(),
    /** Ids of the policies it lifts, and who approved, for which groups. */
    policies: text('policies').array().notNull(),
    approvals: jsonb('approvals').$type<readonly Approval[]>().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    revokedBy: text('revoked_by').$type<PrincipalId>(),
    revokedByName: text('revoked_by_name'),
    uses: bigint('uses', { mode: 'number' }).notNull().default(0),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [
    index('grants_cover').on(t.principalId, t.connectionId, t.shapeDigest),
    index('grants_created').on(t.createdAt, t.id),
  ],
)
