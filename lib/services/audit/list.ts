import { and, desc, eq, gte, ilike, like, lt, lte, or, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { auditEvents } from '../../db/schema/events'
import type { AuditId, PrincipalId } from '../../domain/ids'
import type { Page } from '../../domain/page'
import type { Call } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { requirePermission } from '../permission'
import { containing } from '../search-pattern'
import { iso, isoTime } from '../timestamps'

export const listAuditInput = z.strictObject({
  ...pageInput,
  /** Exact (`session.view`) or all of an entity (`session.*`). */
  action: z
    .string()
    .regex(/^[a-z-]+\.([a-z-]+|\*)$/, 'must look like session.view or session.*')
    .optional(),
  actorId: z.string().max(64).optional(),
  targetId: z.string().max(64).optional(),
  query: z.string().max(200).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
})
export const auditItem = z.object({
  id: z.string(),
  at: isoTime,
  actorId: z.string(),
  actorName: z.string(),
  via: z.enum(['sign-in', 'token', 'operator', 'system']),
  action: z.string(),
  targetId: z.string(),
  targetName: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditItem = z.infer<typeof auditItem>

/** What people and services did in the portal, the API and the command line, newest first. */
export async function listAudit({ ctx, input }: Call<z.input<typeof listAuditInput>>): Promise<Page<AuditItem>> {
  requirePermission(ctx, 'audit:read')
  const query = parseInput(listAuditInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const rows = await ctx.db
    .select()
    .from(auditEvents)
    .where(and(...conditions(query)))
    .orderBy(desc(auditEvents.id))
    .limit(limit + 1)
  return toPage(rows, limit, toAuditItem, (row) => [row.id])
}

function conditions(query: z.output<typeof listAuditInput>): SQL[] {
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(lt(auditEvents.id, decodeCursor(idCursor, query.cursor)[0] as AuditId))
  if (query.action?.endsWith('.*')) found.push(like(auditEvents.action, `${query.action.slice(0, -1)}%`))
  else if (query.action !== undefined) found.push(eq(auditEvents.action, query.action))
  if (query.actorId !== undefined) found.push(eq(auditEvents.actorId, query.actorId as PrincipalId))
  if (query.targetId !== undefined) found.push(eq(auditEvents.targetId, query.targetId))
  if (query.from !== undefined) found.push(gte(auditEvents.at, new Date(query.from)))
  if (query.to !== undefined) found.push(lte(auditEvents.at, new Date(query.to)))
  if (query.query) {
    const pattern = containing(query.query)
    found.push(
      or(
        ilike(auditEvents.actorName, pattern),
        ilike(auditEvents.targetName, pattern),
        ilike(auditEvents.action, pattern),
        eq(auditEvents.targetId, query.query),
      ),
    )
  }
  return found.filter((condition) => condition !== undefined)
}

export function toAuditItem(row: typeof auditEvents.$inferSelect): AuditItem {
  return { ...row, at: iso(row.at), via: row.via as AuditItem['via'] }
}
