import { and, eq, gt, sql } from 'drizzle-orm'
import { auditEvents } from '../../db/schema/events'
import { emitAudit } from '../audit/emit'
import { type Context, inTransaction } from '../context'
import type { SessionRow } from './session-item'

/** Records that the actor looked at a recording: once per actor, session and five minutes, however often they turn its pages. */
export async function recordView(ctx: Context, { session }: SessionRow): Promise<void> {
  const me = ctx.actor.principal.id
  await inTransaction(ctx, async (inside) => {
    await inside.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`view:${me}:${session.id}`}, 0))`)
    const [recent] = await inside.db
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.targetId, session.id),
          eq(auditEvents.actorId, me),
          eq(auditEvents.action, 'session.view'),
          gt(auditEvents.at, sql`now() - interval '5 minutes'`),
        ),
      )
      .limit(1)
    if (recent !== undefined) return
    await emitAudit(inside, {
      action: 'session.view',
      targetId: session.id,
      targetName: `${session.principalName} on ${session.connectionName}`,
    })
  })
}
