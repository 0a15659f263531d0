import { eq, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../db/client'
import { runs } from '../../db/schema/principals'
import { sessions } from '../../db/schema/sessions'
import { END_REASONS } from '../../domain/event'
import { may } from '../../domain/permissions'
import type { Context } from '../context'
import { iso, isoOrNull, isoTime } from '../timestamps'

const count = z.number().int()

export const sessionItem = z.object({
  id: z.string(),
  protocol: z.string(),
  state: z.enum(['live', 'ended']),
  principal: z.object({ id: z.string(), name: z.string(), kind: z.string() }),
  /** The human behind it; for a person the person. */
  owner: z.object({ id: z.string(), name: z.string() }),
  run: z.object({ id: z.string(), label: z.string() }).nullable(),
  /** As it was when the session began. */
  connection: z.object({ id: z.string(), name: z.string(), version: z.number().int() }),
  tags: z.record(z.string(), z.string()),
  target: z.object({ user: z.string(), database: z.string() }),
  /** `application` is what the client said of itself: a hint. */
  client: z.object({ address: z.string(), application: z.string() }),
  startedAt: isoTime,
  endedAt: isoTime.nullable(),
  endReason: z.enum(END_REASONS).nullable(),
  endDetail: z.string().nullable(),
  lastEventAt: isoTime,
  operations: count,
  /** Operations that were held for people. */
  held: count,
  refused: count,
  failed: count,
  rows: count,
  /** Bytes the client saw, sent (COPY data), and what they take in the store. */
  outBytes: count,
  inBytes: count,
  storedBytes: count,
})
export type SessionItem = z.infer<typeof sessionItem>

/** Sessions with the label of their run, newest first. */
export function selectSessions(db: Database, where: SQL | undefined, order: SQL[], limit: number) {
  return db
    .select({ session: sessions, runLabel: runs.label })
    .from(sessions)
    .leftJoin(runs, eq(runs.id, sessions.runId))
    .where(where)
    .orderBy(...order)
    .limit(limit)
}

/** What of the sessions the actor may see: all with `sessions:read`, else those it is the human behind. undefined: all. */
export function visibleSessions(ctx: Context): SQL | undefined {
  return may(ctx.actor, 'sessions:read') ? undefined : eq(sessions.ownerId, ctx.actor.principal.id)
}

export type SessionRow = Awaited<ReturnType<typeof selectSessions>>[number]

export function toSessionItem({ session: row, runLabel }: SessionRow): SessionItem {
  return {
    id: row.id,
    protocol: row.protocol,
    state: row.endedAt === null ? 'live' : 'ended',
    principal: { id: row.principalId, name: row.principalName, kind: row.principalKind },
    owner: { id: row.ownerId, name: row.ownerName },
    run: row.runId === null ? null : { id: row.runId, label: runLabel ?? '' },
    connection: { id: row.connectionId, name: row.connectionName, version: row.connectionVersion },
    tags: row.tags,
    target: { user: row.targetUser, database: row.targetDatabase },
    client: { address: row.clientAddress, application: row.application },
    startedAt: iso(row.startedAt),
    endedAt: isoOrNull(row.endedAt),
    endReason: row.endReason,
    endDetail: row.endDetail,
    lastEventAt: iso(row.lastEventAt),
    operations: row.operations,
    held: row.held,
    refused: row.refused,
    failed: row.failed,
    rows: row.rows,
    outBytes: row.outBytes,
    inBytes: row.inBytes,
    storedBytes: row.storedBytes,
  }
}
