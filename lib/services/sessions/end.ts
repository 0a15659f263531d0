import { z } from 'zod'
import { sessionEndRequests } from '../../db/schema/sessions'
import { SallyportError } from '../../domain/errors'
import { may } from '../../domain/permissions'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { parseInput } from '../input'
import { notifyControl, notifyLive } from '../signals/notify'
import { findSession } from './find'
import type { SessionRow } from './session-item'

export const endSessionInput = z.strictObject({ id: z.string().max(64) })

/**
 * Asks the worker that owns a live session to end it; it does within 5 s. Own sessions and those of own agents need no role.
 * Asking twice is harmless. Throws `conflict` when it has ended already.
 */
export async function endSession({ ctx, input }: Call<z.input<typeof endSessionInput>>): Promise<{ id: string }> {
  const { id } = parseInput(endSessionInput, input)
  return inTransaction(ctx, async (inside) => {
    const row = await findSession(inside, id)
    const { session } = row
    if (!mayEndSession(inside, row))
      throw new SallyportError('forbidden', 'Only an admin or its owner can end a session.')
    if (session.endedAt !== null) throw new SallyportError('conflict', 'This session has ended already.')
    const { principal } = inside.actor
    const asked = await inside.db
      .insert(sessionEndRequests)
      .values({ sessionId: session.id, requestedBy: principal.id, requestedByName: principal.name })
      .onConflictDoNothing()
      .returning({ sessionId: sessionEndRequests.sessionId })
    if (asked.length > 0)
      await emitAudit(inside, {
        action: 'session.end',
        targetId: session.id,
        targetName: `${session.principalName} on ${session.connectionName}`,
      })
    await notifyControl(inside.db, { kind: 'end-session', sessionId: session.id, by: principal.name })
    await notifyLive(inside.db, `session:${session.id}`)
    return { id: session.id }
  })
}

export function mayEndSession(ctx: Context, { session }: SessionRow): boolean {
  return may(ctx.actor, 'sessions:end') || session.ownerId === ctx.actor.principal.id
}
