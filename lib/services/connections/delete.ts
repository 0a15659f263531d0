import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { connectionSecrets, connections } from '../../db/schema/connections'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { closeReviews } from '../gateway/close-reviews'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyControl, notifyLive } from '../signals/notify'
import { connectionIdInput } from './set-state'
import { lockConnection } from './update'

/**
 * Takes a connection out of use for good, ends its live sessions within 5 s and forgets its sealed secrets. Its row and versions
 * stay: recorded sessions refer to them. The name is free again.
 */
export async function deleteConnection({
  ctx,
  input,
}: Call<z.input<typeof connectionIdInput>>): Promise<{ id: string }> {
  requirePermission(ctx, 'connections:write')
  const { id } = parseInput(connectionIdInput, input)
  return inTransaction(ctx, async (inside) => {
    const row = await lockConnection(inside, id)
    await inside.db.delete(connectionSecrets).where(eq(connectionSecrets.connectionId, row.id))
    await inside.db.update(connections).set({ deletedAt: databaseNow }).where(eq(connections.id, row.id))
    await emitAudit(inside, { action: 'connection.delete', targetId: row.id, targetName: row.name })
    await closeReviews(inside, { connectionId: row.id, why: 'connection-changed' })
    await notifyControl(inside.db, { kind: 'connection-changed', connection: row.name })
    await notifyLive(inside.db, 'connections')
    return { id: row.id }
  })
}
