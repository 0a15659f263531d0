import { and, desc, eq, ilike, lt, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { principals, runs } from '../../db/schema/principals'
import { sessions } from '../../db/schema/sessions'
import type { PrincipalId, RunId } from '../../domain/ids'
import type { Page } from '../../domain/page'
import { may } from '../../domain/permissions'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { containing } from '../search-pattern'
import { iso, isoTime } from '../timestamps'

export const listRunsInput = z.strictObject({
  ...pageInput,
  principalId: z.string().max(64).optional(),
  query: z.string().max(200).optional(),
})
export const runItem = z.object({
  id: z.string(),
  label: z.string(),
  principal: z.object({ id: z.string(), name: z.string(), kind: z.enum(['person', 'agent', 'service']) }),
  sessions: z.number().int(),
  liveSessions: z.number().int(),
  operations: z.number().int(),
  refused: z.number().int(),
  failed: z.number().int(),
  createdAt: isoTime,
})
export type RunItem = z.infer<typeof runItem>

const total = (query: SQL) => query.mapWith(Number) as SQL<number>
const ofRun = sql`from ${sessions} where ${sessions.runId} = ${runs.id}`

const runColumns = {
  id: runs.id,
  label: runs.label,
  createdAt: runs.createdAt,
  principalId: principals.id,
  principalName: principals.name,
  principalKind: principals.kind,
  sessions: total(sql`(select count(*) ${ofRun})`),
  liveSessions: total(sql`(select count(*) ${ofRun} and ${sessions.endedAt} is null)`),
  operations: total(sql`(select coalesce(sum(${sessions.operations}), 0) ${ofRun})`),
  refused: total(sql`(select coalesce(sum(${sessions.refused}), 0) ${ofRun})`),
  failed: total(sql`(select coalesce(sum(${sessions.failed}), 0) ${ofRun})`),
}

/** Agent jobs, newest first. Without `sessions:read`: the actor's own and its agents'. */
export async function listRuns({ ctx, input }: Call<z.input<typeof listRunsInput>>): Promise<Page<RunItem>> {
  const query = parseInput(listRunsInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(lt(runs.id, decodeCursor(idCursor, query.cursor)[0] as RunId))
  if (query.principalId !== undefined) found.push(eq(runs.principalId, query.principalId as PrincipalId))
  if (query.query) {
    const pattern = containing(query.query)
    found.push(or(ilike(runs.label, pattern), ilike(principals.name, pattern), eq(runs.id, query.query as RunId)))
  }
  const rows = await selectRuns(ctx, and(...found), limit + 1)
  return toPage(rows, limit, toRunItem, (row) => [row.id])
}

/** Rows of `runColumns` that the actor may see. */
export function selectRuns(ctx: Context, where: SQL | undefined, limit: number) {
  const me = ctx.actor.principal.id
  const visible = may(ctx.actor, 'sessions:read') ? undefined : or(eq(principals.id, me), eq(principals.ownerId, me))
  return ctx.db
    .select(runColumns)
    .from(runs)
    .innerJoin(principals, eq(principals.id, runs.principalId))
    .where(and(visible, where))
    .orderBy(desc(runs.id))
    .limit(limit)
}

export function toRunItem(row: Awaited<ReturnType<typeof selectRuns>>[number]): RunItem {
  const { principalId, principalName, principalKind, createdAt, ...rest } = row
  return {
    ...rest,
    principal: { id: principalId, name: principalName, kind: principalKind },
    createdAt: iso(createdAt),
  }
}
