import { and, desc, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import { policyVersions } from '../../db/schema/policies'
import { SallyportError } from '../../domain/errors'
import type { Page } from '../../domain/page'
import type { Call } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, pageInput, toPage } from '../paging'
import { requirePermission } from '../permission'
import { iso, isoTime } from '../timestamps'

export const listPolicyVersionsInput = z.strictObject(pageInput)
export const policyVersionItem = z.object({
  version: z.number().int(),
  changes: z.array(z.object({ action: z.enum(['create', 'update', 'delete']), name: z.string() })),
  changedBy: z.object({ id: z.string(), name: z.string() }),
  changedAt: isoTime,
})
export type PolicyVersionItem = z.infer<typeof policyVersionItem>

/** Every set that was ever in force, newest first. */
export async function listPolicyVersions({
  ctx,
  input,
}: Call<z.input<typeof listPolicyVersionsInput>>): Promise<Page<PolicyVersionItem>> {
  requirePermission(ctx, 'policies:read')
  const { cursor, limit = DEFAULT_LIMIT } = parseInput(listPolicyVersionsInput, input)
  const beyond = cursor === undefined ? undefined : decodeCursor(z.tuple([z.number().int()]), cursor)[0]
  const rows = await ctx.db
    .select({
      version: policyVersions.version,
      changes: policyVersions.changes,
      changedBy: policyVersions.changedBy,
      changedByName: policyVersions.changedByName,
      changedAt: policyVersions.changedAt,
    })
    .from(policyVersions)
    .where(and(beyond === undefined ? undefined : lt(policyVersions.version, beyond)))
    .orderBy(desc(policyVersions.version))
    .limit(limit + 1)
  return toPage(rows, limit, toVersionItem, ({ version }) => [version])
}

export const readPolicyVersionInput = z.strictObject({ version: z.number().int().min(1) })
export const policyVersionDetail = policyVersionItem.extend({
  documents: z.array(z.object({ name: z.string(), text: z.string() })),
})
export type PolicyVersionDetail = z.infer<typeof policyVersionDetail>

/** One set that was in force, with all its documents. */
export async function readPolicyVersion({
  ctx,
  input,
}: Call<z.input<typeof readPolicyVersionInput>>): Promise<PolicyVersionDetail> {
  requirePermission(ctx, 'policies:read')
  const { version } = parseInput(readPolicyVersionInput, input)
  const [row] = await ctx.db.select().from(policyVersions).where(eq(policyVersions.version, version))
  if (row === undefined) throw new SallyportError('not_found', 'There is no such version of the policies.')
  return { ...toVersionItem(row), documents: row.documents.map(({ name, text }) => ({ name, text })) }
}

function toVersionItem(row: Omit<typeof policyVersions.$inferSelect, 'documents'>): PolicyVersionItem {
  const { version, changes, changedBy, changedByName, changedAt } = row
  return {
    version,
    changes: [...changes],
    changedBy: { id: changedBy, name: changedByName },
    changedAt: iso(changedAt),
  }
}
