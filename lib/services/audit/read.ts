import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { auditEvents } from '../../db/schema/events'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { type AuditItem, toAuditItem } from './list'

export const readAuditInput = z.strictObject({ id: z.string().max(64) })

/** One audit event. */
export async function readAudit({ ctx, input }: Call<z.input<typeof readAuditInput>>): Promise<AuditItem> {
  requirePermission(ctx, 'audit:read')
  const { id } = parseInput(readAuditInput, input)
  const [row] = isId('audit', id) ? await ctx.db.select().from(auditEvents).where(eq(auditEvents.id, id)) : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such audit event.')
  return toAuditItem(row)
}
