import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { connectionTests } from '../../db/schema/connections'
import { newId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, idSource, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyControl, notifyLive } from '../signals/notify'
import { connectionIdInput } from './set-state'
import { lockConnection } from './update'

export const startedTest = z.object({ testId: z.string() })

/**
 * Asks a proxy to test the connection step by step. Watch `test:<id>` and read `readTest`. One that is under way already is
 * answered instead of a second.
 */
export async function startTest({
  ctx,
  input,
}: Call<z.input<typeof connectionIdInput>>): Promise<z.infer<typeof startedTest>> {
  requirePermission(ctx, 'connections:write')
  const { id } = parseInput(connectionIdInput, input)
  return inTransaction(ctx, async (inside) => {
    const connection = await lockConnection(inside, id)
    const [running] = await inside.db
      .select({ id: connectionTests.id })
      .from(connectionTests)
      .where(
        and(
          eq(connectionTests.connectionId, connection.id),
          eq(connectionTests.connectionVersion, connection.version),
          inArray(connectionTests.state, ['queued', 'running']),
          gt(connectionTests.requestedAt, sql`now() - interval '1 minute'`),
        ),
      )
      .limit(1)
    if (running !== undefined) return { testId: running.id }
    const testId = newId('test', idSource(inside))
    await inside.db.insert(connectionTests).values({
      id: testId,
      connectionId: connection.id,
      connectionVersion: connection.version,
      requestedBy: inside.actor.principal.id,
    })
    await emitAudit(inside, {
      action: 'connection.test',
      targetId: connection.id,
      targetName: connection.name,
      detail: { testId, version: connection.version },
    })
    await notifyControl(inside.db, { kind: 'run-test', testId })
    await notifyLive(inside.db, 'connections')
    return { testId }
  })
}
