import { and, gt, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { sessions } from '../../db/schema/sessions'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { selectSessions, sessionItem, toSessionItem, visibleSessions } from '../sessions/session-item'
import { iso, isoTime } from '../timestamps'
import { readChecklist, stepItem } from './checklist'
import { heldReviews, readHeld } from './held'
import { laneMinute, readLanes } from './lanes'

export const readOverviewInput = z.strictObject({})

const count = z.number().int()

export const overview = z.object({
  live: z.object({ sessions: count, agents: count, people: count, newest: z.array(sessionItem) }),
  held: heldReviews,
  /** Sessions that began since midnight UTC. */
  today: z.object({ since: isoTime, sessions: count, operations: count, refused: count, failed: count, rows: count }),
  /** The last hour, minute by minute, oldest first, without gaps. */
  lanes: z.array(laneMinute),
  /** The newest sessions in which something was refused. */
  refusals: z.array(sessionItem),
  /** First steps, in order. */
  checklist: z.array(stepItem),
})
export type Overview = z.infer<typeof overview>

const SHOWN = 8

/** What is going on, as far as the actor may see sessions. */
export async function readOverview({ ctx, input }: Call<z.input<typeof readOverviewInput>>): Promise<Overview> {
  parseInput(readOverviewInput, input)
  const [live, held, today, lanes, refusals, checklist] = await Promise.all([
    readLive(ctx),
    readHeld(ctx),
    readToday(ctx),
    readLanes(ctx),
    selectSessions(ctx.db, and(visibleSessions(ctx), gt(sessions.refused, 0)), newest, SHOWN),
    readChecklist(ctx),
  ])
  return { live, held, today, lanes, refusals: refusals.map(toSessionItem), checklist }
}

const newest = [sql`${sessions.startedAt} desc`, sql`${sessions.id} desc`]

async function readLive(ctx: Context): Promise<Overview['live']> {
  const live = and(visibleSessions(ctx), isNull(sessions.endedAt))
  const [counts] = await ctx.db
    .select({
      sessions: sql`count(*)`.mapWith(Number),
      people: sql`count(*) filter (where ${sessions.principalKind} = 'person')`.mapWith(Number),
    })
    .from(sessions)
    .where(live)
  const rows = await selectSessions(ctx.db, live, newest, SHOWN)
  const all = counts?.sessions ?? 0
  const people = counts?.people ?? 0
  return { sessions: all, agents: all - people, people, newest: rows.map(toSessionItem) }
}

async function readToday(ctx: Context): Promise<Overview['today']> {
  const since = new Date(ctx.clock.now())
  since.setUTCHours(0, 0, 0, 0)
  const sum = (column: typeof sessions.operations) => sql`coalesce(sum(${column}), 0)`.mapWith(Number)
  const [counts] = await ctx.db
    .select({
      sessions: sql`count(*)`.mapWith(Number),
      operations: sum(sessions.operations),
      refused: sum(sessions.refused),
      failed: sum(sessions.failed),
      rows: sum(sessions.rows),
    })
    .from(sessions)
    .where(and(visibleSessions(ctx), sql`${sessions.startedAt} >= ${since.toISOString()}::timestamptz`))
  return { since: iso(since), ...(counts ?? { sessions: 0, operations: 0, refused: 0, failed: 0, rows: 0 }) }
}
