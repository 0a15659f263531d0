import { and, eq, gt, gte, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { sessions } from '../../db/schema/sessions'
import type { Page } from '../../domain/page'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, pageInput, toPage } from '../paging'
import { isoTime } from '../timestamps'
import { type Branch, idsInBranches, matchingBranches, namedBranch } from './search'
import { type SessionItem, type SessionRow, selectSessions, toSessionItem, visibleSessions } from './session-item'

export const listSessionsInput = z.strictObject({
  ...pageInput,
  state: z.enum(['live', 'ended']).optional(),
  /** Finds names of principals, owners, connections and runs that contain it, and the session with this id. */
  query: z.string().max(200).optional(),
  principalId: z.string().max(64).optional(),
  runId: z.string().max(64).optional(),
  /** Name of a connection, deleted ones of that name included. */
  connection: z.string().max(63).optional(),
  /** Sessions in which something was held, was refused, or failed. */
  verdict: z.enum(['held', 'refused', 'failed']).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
})
type Query = z.output<typeof listSessionsInput>

const NEWEST_FIRST = [sql`${sessions.startedAt} desc`, sql`${sessions.id} desc`]

/** Where a page starts: the last row's start, in microseconds, and its id. */
const sessionCursor = z.tuple([z.string().regex(/^\d{1,18}$/), z.string().max(64)])

/** Sessions, newest first. Without `sessions:read`: those the actor is the human behind. */
export async function listSessions({
  ctx,
  input,
}: Call<z.input<typeof listSessionsInput>>): Promise<Page<SessionItem>> {
  const query = parseInput(listSessionsInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const where = and(visibleSessions(ctx), ...conditions(query))
  const branches = await branchesOf(ctx, query)
  const rows = await rowsOf(ctx, where, branches, limit + 1)
  return toPage(rows, limit, toSessionItem, ({ session }) => [String(session.startedAt.getTime() * 1000), session.id])
}

async function rowsOf(ctx: Context, where: SQL | undefined, branches: Branch[] | null, limit: number) {
  if (branches === null) return selectSessions(ctx.db, where, NEWEST_FIRST, limit)
  const ids = await idsInBranches(ctx.db, branches, where, limit)
  if (ids.length === 0) return []
  const rows = await selectSessions(ctx.db, sql`${sessions.id} in ${ids}`, NEWEST_FIRST, limit)
  return rows satisfies SessionRow[]
}

/** The index to walk when a filter may match few of many sessions; null: walk by time. */
async function branchesOf(ctx: Context, query: Query): Promise<Branch[] | null> {
  if (query.query) return matchingBranches(ctx.db, query.query)
  if (query.connection !== undefined) return [await namedBranch(ctx.db, query.connection)]
  return null
}

function conditions(query: Query): SQL[] {
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) {
    const [us, id] = decodeCursor(sessionCursor, query.cursor)
    const at = sql`(timestamptz 'epoch' + ${us}::bigint * interval '1 microsecond')`
    found.push(sql`(${sessions.startedAt}, ${sessions.id}) < (${at}, ${id})`)
  }
  if (query.state !== undefined)
    found.push(query.state === 'live' ? isNull(sessions.endedAt) : isNotNull(sessions.endedAt))
  if (query.principalId !== undefined) found.push(sql`${sessions.principalId} = ${query.principalId}`)
  if (query.runId !== undefined) found.push(sql`${sessions.runId} = ${query.runId}`)
  if (query.query !== undefined && query.connection !== undefined)
    found.push(eq(sessions.connectionName, query.connection))
  if (query.verdict !== undefined) found.push(gt(sessions[query.verdict], 0))
  if (query.from !== undefined) found.push(gte(sessions.startedAt, new Date(query.from)))
  if (query.to !== undefined) found.push(lte(sessions.startedAt, new Date(query.to)))
  return found.filter((condition) => condition !== undefined)
}
