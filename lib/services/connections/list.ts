import { and, arrayOverlaps, eq, gt, ilike, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { connections } from '../../db/schema/connections'
import { PROTOCOLS } from '../../domain/connection'
import type { Page } from '../../domain/page'
import { may } from '../../domain/permissions'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { DEFAULT_LIMIT, decodeCursor, idCursor, pageInput, toPage } from '../paging'
import { containing } from '../search-pattern'
import { type ConnectionSummary, selectConnections, toConnectionSummary } from './connection-item'

export const listConnectionsInput = z.strictObject({
  ...pageInput,
  query: z.string().max(200).optional(),
  protocol: z.enum(PROTOCOLS).optional(),
  state: z.enum(['active', 'disabled']).optional(),
})

/** Connections by name. Without a role: those whose `access` names one of the actor's groups. */
export async function listConnections({
  ctx,
  input,
}: Call<z.input<typeof listConnectionsInput>>): Promise<Page<ConnectionSummary>> {
  const query = parseInput(listConnectionsInput, input)
  const limit = query.limit ?? DEFAULT_LIMIT
  const where = and(isNull(connections.deletedAt), visibleConnections(ctx), ...conditions(query))
  const rows = await selectConnections(ctx.db, where, limit + 1)
  return toPage(
    rows,
    limit,
    (row) => toConnectionSummary(ctx, row),
    (row) => [row.connection.name],
  )
}

/** What of the connections the actor may see; undefined: all. */
export function visibleConnections(ctx: Context): SQL | undefined {
  if (may(ctx.actor, 'connections:read')) return undefined
  const { groups } = ctx.actor.principal
  return groups.length === 0 ? sql`false` : arrayOverlaps(connections.access, [...groups])
}

function conditions(query: z.output<typeof listConnectionsInput>): (SQL | undefined)[] {
  const found: (SQL | undefined)[] = []
  if (query.cursor !== undefined) found.push(gt(connections.name, decodeCursor(idCursor, query.cursor)[0]))
  if (query.protocol !== undefined) found.push(eq(connections.protocol, query.protocol))
  if (query.state !== undefined)
    found.push(query.state === 'disabled' ? isNotNull(connections.disabledAt) : isNull(connections.disabledAt))
  if (query.query) {
    const pattern = containing(query.query)
    found.push(
      or(
        ilike(connections.name, pattern),
        ilike(connections.host, pattern),
        sql`exists (select 1 from jsonb_each_text(${connections.tags}) as tag(key, value) where tag.key || '=' || tag.value ilike ${pattern})`,
      ),
    )
  }
  return found
}
