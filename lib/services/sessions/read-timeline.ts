import { and, asc, eq, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import { eventBatches } from '../../db/schema/events'
import type { Call } from '../context'
import { parseInput } from '../input'
import { iso, isoTime } from '../timestamps'
import { findSession } from './find'

export const readTimelineInput = z.strictObject({ id: z.string().max(64) })

const timelineStretch = z.object({
  /** First and last operation it touches. */
  firstOp: z.number().int(),
  lastOp: z.number().int(),
  from: isoTime,
  to: isoTime,
  refused: z.number().int(),
  failed: z.number().int(),
})
export type TimelineStretch = z.infer<typeof timelineStretch>

const MAX_STRETCHES = 4_000

/**
 * Where in a session something happened, in stretches as they were shipped, without reading what: a session of a million
 * statements is drawn from a few thousand rows. Stretches at the end are left out beyond the first 4,000.
 */
export async function readTimeline({
  ctx,
  input,
}: Call<z.input<typeof readTimelineInput>>): Promise<readonly TimelineStretch[]> {
  const { id } = parseInput(readTimelineInput, input)
  const { session } = await findSession(ctx, id)
  const rows = await ctx.db
    .select({
      firstOp: eventBatches.firstOp,
      lastOp: eventBatches.lastOp,
      from: eventBatches.firstAt,
      to: eventBatches.lastAt,
      refused: eventBatches.refused,
      failed: eventBatches.failed,
    })
    .from(eventBatches)
    .where(and(eq(eventBatches.sessionId, session.id), isNotNull(eventBatches.firstOp)))
    .orderBy(asc(eventBatches.firstSeq))
    .limit(MAX_STRETCHES)
  return rows.map((row) => ({
    firstOp: row.firstOp ?? 0,
    lastOp: row.lastOp ?? 0,
    from: iso(row.from),
    to: iso(row.to),
    refused: row.refused,
    failed: row.failed,
  }))
}
