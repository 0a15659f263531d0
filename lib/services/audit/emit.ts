import { auditEvents } from '../../db/schema/events'
import { newId } from '../../domain/ids'
import { type Context, idSource } from '../context'

export interface AuditEntry {
  /** `<entity>.<verb>`, such as `connection.create`. */
  readonly action: string
  readonly targetId: string
  readonly targetName?: string
  /** What changed. Never a secret, a token or a hash of one. */
  readonly detail?: Record<string, unknown>
}

/** Records who did what. Call it with the context of the transaction that does it, so that neither happens without the other. */
export async function emitAudit(ctx: Context, entry: AuditEntry): Promise<void> {
  const { principal, via } = ctx.actor
  await ctx.db.insert(auditEvents).values({
    id: newId('audit', idSource(ctx)),
    actorId: principal.id,
    actorName: principal.name,
    via: via.kind,
    action: entry.action,
    targetId: entry.targetId,
    targetName: entry.targetName ?? '',
    detail: entry.detail ?? {},
  })
}
