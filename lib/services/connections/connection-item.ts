import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../db/client'
import { connections, connectionTests } from '../../db/schema/connections'
import { sessions } from '../../db/schema/sessions'
import { formatAddress } from '../../domain/address'
import { HOLD_MODES, MASKING_MODES, PROTOCOLS, RECORDING_MODES, TEST_STEPS } from '../../domain/connection'
import type { Context } from '../context'
import { iso, isoOrNull, isoTime } from '../timestamps'

const testStep = z.object({
  name: z.enum(TEST_STEPS),
  state: z.enum(['waiting', 'running', 'passed', 'failed', 'skipped']),
  detail: z.string(),
  durationMs: z.number().nullable(),
})

/** A connection test. `current` is false when the connection was changed after it. */
export const testItem = z.object({
  id: z.string(),
  state: z.enum(['queued', 'running', 'passed', 'failed']),
  steps: z.array(testStep),
  requestedAt: isoTime,
  finishedAt: isoTime.nullable(),
  current: z.boolean(),
})
export type TestItem = z.infer<typeof testItem>

export const connectionSummary = z.object({
  id: z.string(),
  /** Grows with every change; give it back when you change the connection. */
  version: z.number().int(),
  name: z.string(),
  protocol: z.enum(PROTOCOLS),
  /** `host:port`. */
  address: z.string(),
  host: z.string(),
  port: z.number().int(),
  tags: z.record(z.string(), z.string()),
  /** Groups that may connect at all. */
  access: z.array(z.string()),
  recording: z.enum(RECORDING_MODES),
  hold: z.enum(HOLD_MODES),
  masking: z.enum(MASKING_MODES),
  state: z.enum(['active', 'disabled']),
  /** True when one of the actor's own groups is under `access`. */
  mayUse: z.boolean(),
  lastTest: testItem.nullable(),
  liveSessions: z.number().int(),
  createdAt: isoTime,
  updatedAt: isoTime,
  lastUsedAt: isoTime.nullable(),
})
export type ConnectionSummary = z.infer<typeof connectionSummary>

const lastTest = (db: Database) =>
  db
    .select({
      id: connectionTests.id,
      connectionVersion: connectionTests.connectionVersion,
      state: connectionTests.state,
      steps: connectionTests.steps,
      requestedAt: connectionTests.requestedAt,
      finishedAt: connectionTests.finishedAt,
    })
    .from(connectionTests)
    .where(eq(connectionTests.connectionId, connections.id))
    .orderBy(desc(connectionTests.requestedAt), desc(connectionTests.id))
    .limit(1)
    .as('last_test')

/** Connections with what their summaries need, ordered by name. Deleted ones only when `where` asks for them. */
export function selectConnections(db: Database, where: SQL | undefined, limit: number) {
  const test = lastTest(db)
  return db
    .select({
      connection: connections,
      testId: test.id,
      testVersion: test.connectionVersion,
      testState: test.state,
      testSteps: test.steps,
      testRequestedAt: test.requestedAt,
      testFinishedAt: test.finishedAt,
      liveSessions: sql<number>`(select count(*) from ${sessions} where ${and(
        eq(sessions.connectionId, connections.id),
        sql`${sessions.endedAt} is null`,
      )})`.mapWith(Number),
    })
    .from(connections)
    .leftJoinLateral(test, sql`true`)
    .where(where)
    .orderBy(connections.name)
    .limit(limit)
}

export type ConnectionRow = Awaited<ReturnType<typeof selectConnections>>[number]

export function toConnectionSummary(ctx: Context, row: ConnectionRow): ConnectionSummary {
  const { connection } = row
  const { id, version, name, protocol, host, port, tags, access, recording, hold, masking } = connection
  return {
    ...{ id, version, name, protocol, host, port, tags, access, recording, hold, masking },
    address: formatAddress(connection),
    state: connection.disabledAt === null ? 'active' : 'disabled',
    mayUse: access.some((group) => ctx.actor.principal.groups.includes(group)),
    lastTest: toLastTest(row),
    liveSessions: row.liveSessions,
    createdAt: iso(connection.createdAt),
    updatedAt: iso(connection.updatedAt),
    lastUsedAt: isoOrNull(connection.lastUsedAt),
  }
}

function toLastTest(row: ConnectionRow): TestItem | null {
  const { testId, testState, testRequestedAt } = row
  if (testId === null || testState === null || testRequestedAt === null) return null
  return {
    id: testId,
    state: testState,
    steps: row.testSteps ?? [],
    requestedAt: iso(testRequestedAt),
    finishedAt: isoOrNull(row.testFinishedAt),
    current: row.testVersion === row.connection.version,
  }
}
