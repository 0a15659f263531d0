import { listConnections } from '#lib/services/connections/list'
import type { Context } from '#lib/services/context'
import { endSession } from '#lib/services/sessions/end'
import { listSessions } from '#lib/services/sessions/list'
import type { SessionItem } from '#lib/services/sessions/session-item'
import type { SessionFilter } from './_components/session-filter'
import type { SessionRow, SessionsPage } from './_components/session-row'

const HOUR_MS = 3_600_000

/** One page of the list. `cursor` null is the first. */
export async function sessionsPage(ctx: Context, filter: SessionFilter, cursor: string | null): Promise<SessionsPage> {
  const from = filter.from ?? (filter.span === null ? null : new Date(ctx.clock.now() - Number(filter.span) * HOUR_MS))
  const page = await listSessions({
    ctx,
    input: {
      limit: 100,
      cursor: cursor ?? undefined,
      query: filter.q.trim() === '' ? undefined : filter.q.trim(),
      state: filter.state ?? undefined,
      verdict: filter.verdict ?? undefined,
      principalId: filter.principal ?? undefined,
      connection: filter.connection ?? undefined,
      from: from?.toISOString(),
      to: filter.to?.toISOString(),
    },
  })
  return { rows: page.items.map(toRow), nextCursor: page.nextCursor }
}

/** Names for the connection filter, as far as the reader may see them. */
export async function connectionNames(ctx: Context): Promise<readonly string[]> {
  const { items } = await listConnections({ ctx, input: { limit: 200 } })
  return items.map(({ name }) => name)
}

export async function endOne(ctx: Context, id: string): Promise<void> {
  await endSession({ ctx, input: { id } })
}

export function toRow(item: SessionItem): SessionRow {
  return {
    id: item.id,
    protocol: item.protocol,
    principal: item.principal,
    owner: item.owner.name,
    connection: item.connection.name,
    startedAt: item.startedAt,
    endedAt: item.endedAt,
    endReason: item.endReason,
    operations: item.operations,
    held: item.held,
    refused: item.refused,
    failed: item.failed,
    rows: item.rows,
  }
}
