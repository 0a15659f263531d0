import { bigint, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import type { StreamName } from '../../domain/event'
import type { AuditId, PrincipalId, SessionId } from '../../domain/ids'
import { bytea } from './connections'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

export { CODECS } from '../../domain/recording'

/**
 * Events of one session, `firstSeq` to `lastSeq` without gaps, as shipped together: their JSON lines joined by line ends.
 * Partitioned by `firstAt`. Append-only: no role may update it, only retention may drop what is old.
 */
export const eventBatches = pgTable(
  'event_batches',
  {
    sessionId: text('session_id').$type<SessionId>().notNull(),
    firstSeq: bigint('first_seq', { mode: 'number' }).notNull(),
    lastSeq: bigint('last_seq', { mode: 'number' }).notNull(),
    firstAt: at('first_at').notNull(),
    lastAt: at('last_at').notNull(),
    /** Smallest and largest operation number in it; null when it has none. */
    firstOp: bigint('first_op', { mode: 'number' }),
    lastOp: bigint('last_op', { mode: 'number' }),
    /** Operations of the client that it begins: the gateway's own have numbers, too. */
    operations: integer('operations').notNull().default(0),
    /** Operations in it that were held, and outcomes that were refused or failed: lets a reader skip what cannot match. */
    held: integer('held').notNull().default(0),
    refused: integer('refused').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    codec: smallint('codec').notNull(),
    data: bytea('data').notNull(),
    /** Chain hash after `lastSeq`. */
    head: bytea('head').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.firstSeq, t.firstAt] })],
)

/** Bytes [from, to) of a session's stream. Partitioned by `at`. Append-only. */
export const recordingChunks = pgTable(
  'recording_chunks',
  {
    sessionId: text('session_id').$type<SessionId>().notNull(),
    stream: text('stream').$type<StreamName>().notNull(),
    from: bigint('from', { mode: 'number' }).notNull(),
    to: bigint('to', { mode: 'number' }).notNull(),
    at: at('at').notNull(),
    codec: smallint('codec').notNull(),
    data: bytea('data').notNull(),
    /** SHA-256 of `data`, as it stands here. The bytes before compression are hashed in the events. */
    sha256: bytea('sha256').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.stream, t.from, t.at] })],
)

/** What people and services did in the portal and the API. Partitioned by `at`. Append-only. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: text('id').$type<AuditId>().notNull(),
    at: at('at').notNull().defaultNow(),
    actorId: text('actor_id').$type<PrincipalId>().notNull(),
    actorName: text('actor_name').notNull(),
    via: text('via').notNull(),
    /** `<entity>.<verb>`, such as `connection.create` or `session.view`. */
    action: text('action').notNull(),
    targetId: text('target_id').notNull(),
    targetName: text('target_name').notNull().default(''),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.id, t.at] })],
)
