import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { eventBatches } from '../../db/schema/events'
import { sessions } from '../../db/schema/sessions'
import { type Context, limitsOf } from '../context'
import { visibleSessions } from '../sessions/session-item'
import { iso, isoTime } from '../timestamps'
import { heldByMinute } from './held'

const count = z.number().int()
/** `held`: reviews that were opened; what became of them counts where it came to be. */
export const laneMinute = z.object({ at: isoTime, operations: count, held: count, refused: count, failed: count })
export type LaneMinute = z.infer<typeof laneMinute>

const MINUTES = 60
const MINUTE_MS = 60_000

/** Operations of the last hour by minute, from what is counted beside the batches of events. */
export async function readLanes(ctx: Context): Promise<LaneMinute[]> {
  const end = Math.floor(ctx.clock.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  const from = end - MINUTES * MINUTE_MS
  const fromText = new Date(from).toISOString()
  // No session lives longer than the limit, so older ones have nothing to say about this hour.
  const earliest = new Date(from - limitsOf(ctx).sessionMs).toISOString()
  const held = await heldByMinute(ctx, new Date(from))
  const rows = await ctx.db.execute(sql`
    select floor(extract(epoch from b.last_at) / 60)::float8 as minute, sum(b.operations)::float8 as operations,
           sum(b.refused)::float8 as refused, sum(b.failed)::float8 as failed
    from ${sessions}
    cross join lateral (
      select ${eventBatches.lastAt} as last_at, ${eventBatches.operations} as operations,
             ${eventBatches.refused} as refused, ${eventBatches.failed} as failed
      from ${eventBatches}
      where ${eventBatches.sessionId} = ${sessions.id} and ${eventBatches.firstAt} >= ${fromText}::timestamptz
    ) b
    where ${sessions.startedAt} >= ${earliest}::timestamptz and ${sessions.lastEventAt} >= ${fromText}::timestamptz
      and ${visibleSessions(ctx) ?? sql`true`}
    group by 1`)
  const byMinute = new Map(rows.map((row) => [Number(row.minute), row]))
  return Array.from({ length: MINUTES }, (_, i) => {
    const at = from + i * MINUTE_MS
    const row = byMinute.get(at / MINUTE_MS)
    const value = (name: string) => Number(row?.[name] ?? 0)
    return {
      at: iso(new Date(at)),
      operations: value('operations'),
      held: held.get(at / MINUTE_MS) ?? 0,
      refused: value('refused'),
      failed: value('failed'),
    }
  })
}
