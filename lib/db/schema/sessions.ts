import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { EndReason } from '../../domain/event'
import type { ConnectionId, PrincipalId, RunId, SessionId, SignInId, TokenId, WorkerId } from '../../domain/ids'
import { bytea } from './connections'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0)

/** Proxy workers and their leases. A worker whose lease has run out is dead; a reaper ends its sessions. */
export const workers = pgTable('workers', {
  id: text('id').$type<WorkerId>().primaryKey(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  /** The boot of its host and when its process started, in the kernel's own terms; '' where the system does not say. */
  boot: text('boot').notNull().default(''),
  processStarted: text('process_started').notNull().default(''),
  startedAt: at('started_at').notNull().defaultNow(),
  leaseUntil: at('lease_until').notNull(),
  stoppedAt: at('stopped_at'),
})

/**
 * One row a session: a digest of its events for lists. The events are the evidence; this row can be rebuilt from them.
 * `lastSeq`, `head`, `outBytes` and `inBytes` are what has been shipped; shipping locks the row and skips what is already there.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: text('id').$type<SessionId>().primaryKey(),
    protocol: text('protocol').notNull(),
    principalId: text('principal_id').$type<PrincipalId>().notNull(),
    principalName: text('principal_name').notNull(),
    principalKind: text('principal_kind').notNull(),
    /** The human behind it. */
    ownerId: text('owner_id').$type<PrincipalId>().notNull(),
    ownerName: text('owner_name').notNull(),
    tokenId: text('token_id').$type<TokenId>().notNull(),
    signInId: text('sign_in_id').$type<SignInId>(),
    runId: text('run_id').$type<RunId>(),
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    connectionName: text('connection_name').notNull(),
    connectionVersion: integer('connection_version').notNull(),
    tags: jsonb('tags').$type<Record<string, string>>().notNull().default({}),
    targetUser: text('target_user').notNull(),
    targetDatabase: text('target_database').notNull(),
    clientAddress: text('client_address').notNull(),
    application: text('application').notNull().default(''),
    workerId: text('worker_id').$type<WorkerId>().notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    endReason: text('end_reason').$type<EndReason>(),
    endDetail: text('end_detail'),
    lastEventAt: at('last_event_at').notNull(),
    lastSeq: bigint('last_seq', { mode: 'number' }).notNull().default(-1),
    head: bytea('head'),
    outBytes: count('out_bytes'),
    inBytes: count('in_bytes'),
    storedBytes: count('stored_bytes'),
    operations: count('operations'),
    held: count('held'),
    refused: count('refused'),
    failed: count('failed'),
    rows: count('rows'),
    /** Operations with an intent and, as far as was shipped, no outcome. After a crash their outcome is `unknown`. */
    inFlight: bigint('in_flight', { mode: 'number' }).array().notNull().default(sql`'{}'`),
  },
  (t) => [
    index('sessions_started').on(t.startedAt, t.id),
    index('sessions_live').on(t.startedAt, t.id).where(sql`${t.endedAt} is null`),
    index('sessions_principal').on(t.principalId, t.startedAt, t.id),
    index('sessions_owner').on(t.ownerId, t.startedAt, t.id),
    index('sessions_connection').on(t.connectionId, t.startedAt, t.id),
    index('sessions_run').on(t.runId, t.startedAt),
    index('sessions_held').on(t.startedAt, t.id).where(sql`${t.held} > 0`),
    index('sessions_refused').on(t.startedAt, t.id).where(sql`${t.refused} > 0`),
    index('sessions_failed').on(t.startedAt, t.id).where(sql`${t.failed} > 0`),
  ],
)

/** Asked for by a person; done by the worker that owns the session. */
export const sessionEndRequests = pgTable('session_end_requests', {
  sessionId: text('session_id').$type<SessionId>().primaryKey(),
  requestedBy: text('requested_by').$type<PrincipalId>().notNull(),
  requestedByName: text('requested_by_name').notNull(),
  requestedAt: at('requested_at').notNull().defaultNow(),
})
