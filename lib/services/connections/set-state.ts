import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { connections } from '../../db/schema/connections'
import { emitAudit } from '../audit/emit'
import { type Context, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { closeReviews } from '../gateway/close-reviews'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyControl, notifyLive } from '../signals/notify'
import { type ConnectionDetail, readConnection } from './read'
import { lockConnection } from './update'

export const connectionIdInput = z.strictObject({ id: z.string().max(64) })

const CHANGES = {
  disable: { disabledAt: databaseNow },
  enable: { disabledAt: null },
} as const

/** Shared by `disable` and `enable`. */
export async function setConnectionState(
  ctx: Context,
  input: z.input<typeof connectionIdInput>,
  verb: keyof typeof CHANGES,
): Promise<ConnectionDetail> {
  requirePermission(ctx, 'connections:write')
  const { id } = parseInput(connectionIdInput, input)
  return inTransaction(ctx, async (inside) => {
    const row = await lockConnection(inside, id)
    const already = (row.disabledAt !== null) === (verb === 'disable')
    if (!already) {
      await inside.db.update(connections).set(CHANGES[verb]).where(eq(connections.id, row.id))
      await emitAudit(inside, { action: `connection.${verb}`, targetId: row.id, targetName: row.name })
      if (verb === 'disable') await closeReviews(inside, { connectionId: row.id, why: 'connection-changed' })
      await notifyControl(inside.db, { kind: 'connection-changed', connection: row.name })
      await notifyLive(inside.db, 'connections')
    }
    return readConnection({ ctx: inside, input: { id } })
  })
}
