import { sql } from 'drizzle-orm'
import {
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { ProtocolName, RecordingMode, TestStep } from '../../domain/connection'
import type { ConnectionId, PrincipalId, SealingKeyId, TestId, WorkerId } from '../../domain/ids'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

export const connections = pgTable(
  'connections',
  {
    id: text('id').$type<ConnectionId>().primaryKey(),
    version: integer('version').notNull().default(1),
    name: text('name').notNull(),
    protocol: text('protocol').$type<ProtocolName>().notNull(),
    host: text('host').notNull(),
    port: integer('port').notNull(),
    tags: jsonb('tags').$type<Record<string, string>>().notNull().default({}),
    access: text('access').array().notNull().default(sql`'{}'`),
    settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
    recording: text('recording').$type<RecordingMode>().notNull().default('standard'),
    hold: text('hold').$type<'wait' | 'ticket'>().notNull().default('wait'),
    masking: text('masking').$type<'protected' | 'open'>().notNull().default('protected'),
    ownerId: text('owner_id').$type<PrincipalId>(),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    lastUsedAt: at('last_used_at'),
    disabledAt: at('disabled_at'),
    deletedAt: at('deleted_at'),
  },
  (t) => [uniqueIndex('connections_name').on(t.name).where(sql`${t.deletedAt} is null`)],
)

/** Every version a connection ever had, without secrets: what a recorded session refers to. Append-only. */
export const connectionVersions = pgTable(
  'connection_versions',
  {
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    version: integer('version').notNull(),
    document: jsonb('document').notNull(),
    changedBy: text('changed_by').$type<PrincipalId>().notNull(),
    changedAt: at('changed_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.version] })],
)

/** Sealed to the proxies (HPKE); bound to connection, field, protocol, host and port. */
export const connectionSecrets = pgTable(
  'connection_secrets',
  {
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    field: text('field').notNull(),
    keyId: text('key_id').$type<SealingKeyId>().notNull(),
    sealed: bytea('sealed').notNull(),
    /** Keyed hash (the key is not in the store) by which `apply` tells whether a value changed; null when unknown. */
    fingerprint: bytea('fingerprint'),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.field] })],
)

/** Public keys of the proxies. The private halves never leave their hosts. */
export const sealingKeys = pgTable('sealing_keys', {
  id: text('id').$type<SealingKeyId>().primaryKey(),
  publicKey: bytea('public_key').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
})

/** Connection tests: asked for in the portal, run by a proxy, watched in the portal. */
export const connectionTests = pgTable(
  'connection_tests',
  {
    id: text('id').$type<TestId>().primaryKey(),
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    connectionVersion: integer('connection_version').notNull(),
    requestedBy: text('requested_by').$type<PrincipalId>().notNull(),
    requestedAt: at('requested_at').notNull().defaultNow(),
    workerId: text('worker_id').$type<WorkerId>(),
    state: text('state').$type<'queued' | 'running' | 'passed' | 'failed'>().notNull().default('queued'),
    steps: jsonb('steps').$type<TestStep[]>().notNull().default([]),
    finishedAt: at('finished_at'),
  },
  (t) => [index('connection_tests_connection').on(t.connectionId, t.requestedAt)],
)
