import { and, asc, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { connectionSecrets, connections } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { type ConnectionId, isId } from '../../domain/ids'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { iso, isoTime } from '../timestamps'
import { connectionSummary, selectConnections, toConnectionSummary } from './connection-item'
import { visibleConnections } from './list'

export const readConnectionInput = z
  .strictObject({ id: z.string().max(64).optional(), name: z.string().max(63).optional() })
  .refine((input) => (input.id === undefined) !== (input.name === undefined), 'give id or name')

export const connectionDetail = connectionSummary.extend({
  /** As the protocol's schema of settings says. */
  settings: z.record(z.string(), z.unknown()),
  /** Which fields of the secret are set, and since when. Never their values. */
  secrets: z.array(z.object({ field: z.string(), updatedAt: isoTime })),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
})
export type ConnectionDetail = z.infer<typeof connectionDetail>

/** One connection by id or name. */
export async function readConnection({
  ctx,
  input,
}: Call<z.input<typeof readConnectionInput>>): Promise<ConnectionDetail> {
  const { id, name } = parseInput(readConnectionInput, input)
  const named =
    name !== undefined
      ? eq(connections.name, name)
      : eq(connections.id, isId('connection', id ?? '') ? (id as ConnectionId) : 'con_')
  const [row] = await selectConnections(ctx.db, and(named, isNull(connections.deletedAt), visibleConnections(ctx)), 1)
  if (row === undefined) throw notFound()
  const { ownerId, settings } = row.connection
  const [owner] = ownerId
    ? await ctx.db
        .select({ id: principals.id, name: principals.name })
        .from(principals)
        .where(eq(principals.id, ownerId))
    : []
  return {
    ...toConnectionSummary(ctx, row),
    settings,
    secrets: await secretFields(ctx, row.connection.id),
    owner: owner ?? null,
  }
}

async function secretFields(ctx: Context, connectionId: ConnectionId) {
  const rows = await ctx.db
    .select({ field: connectionSecrets.field, updatedAt: connectionSecrets.updatedAt })
    .from(connectionSecrets)
    .where(eq(connectionSecrets.connectionId, connectionId))
    .orderBy(asc(connectionSecrets.field))
  return rows.map((row) => ({ field: row.field, updatedAt: iso(row.updatedAt) }))
}

export function notFound(): SallyportError {
  return new SallyportError('not_found', 'There is no such connection.')
}
