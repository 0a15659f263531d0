import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { connections, connectionTests } from '../../db/schema/connections'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { iso, isoOrNull } from '../timestamps'
import type { TestItem } from './connection-item'
import { visibleConnections } from './list'

export const readTestInput = z.strictObject({ id: z.string().max(64) })

/** A connection test as far as it has come. */
export async function readTest({
  ctx,
  input,
}: Call<z.input<typeof readTestInput>>): Promise<TestItem & { connectionId: string }> {
  requirePermission(ctx, 'connections:read')
  const { id } = parseInput(readTestInput, input)
  const [row] = isId('test', id)
    ? await ctx.db
        .select({ test: connectionTests, version: connections.version })
        .from(connectionTests)
        .innerJoin(connections, eq(connections.id, connectionTests.connectionId))
        .where(and(eq(connectionTests.id, id), visibleConnections(ctx)))
    : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such test.')
  const { test, version } = row
  return {
    id: test.id,
    connectionId: test.connectionId,
    state: test.state,
    steps: test.steps,
    requestedAt: iso(test.requestedAt),
    finishedAt: isoOrNull(test.finishedAt),
    current: test.connectionVersion === version,
  }
}
