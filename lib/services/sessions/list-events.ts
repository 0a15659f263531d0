import { and, desc, eq, gt, lte } from 'drizzle-orm'
import { z } from 'zod'
import { chainStart, linkLine, splitLines } from '../../crypto/chain'
import { eventBatches } from '../../db/schema/events'
import type { SessionId } from '../../domain/ids'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { pageInput } from '../paging'
import { walkBatches } from './batches'
import { findSession } from './find'
import { recordView } from './record-view'

export const listEventsInput = z.strictObject({
  id: z.string().max(64),
  /** Events after this sequence number; absent: from the first. */
  after: z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).default(-1),
  /** `nextCursor` of the page before, instead of `after`. */
  cursor: z
    .string()
    .regex(/^\d{1,16}$/, 'is not one this listing gave out')
    .optional(),
  limit: pageInput.limit,
})

const eventItem = z.object({
  seq: z.number().int(),
  /** The chain's hash after this event, in hex: SHA-256 of the hash before it and the bytes of `line`. */
  hash: z.string(),
  /** The event exactly as it was recorded and hashed: one line of canonical JSON. */
  line: z.string(),
})
export const eventPage = z.object({ items: z.array(eventItem), nextCursor: z.string().nullable() })
export type EventPage = z.infer<typeof eventPage>

const DEFAULT_EVENTS = 100

/** A session's events in order, each with its place in the hash chain. Looking is recorded. */
export async function listEvents({ ctx, input }: Call<z.input<typeof listEventsInput>>): Promise<EventPage> {
  const query = parseInput(listEventsInput, input)
  const after = query.cursor === undefined ? query.after : Number(query.cursor)
  const limit = query.limit ?? DEFAULT_EVENTS
  const row = await findSession(ctx, query.id)
  await recordView(ctx, row)
  const sessionId = row.session.id
  let head = await headBefore(ctx, sessionId, after)
  const items: z.infer<typeof eventItem>[] = []
  for await (const batch of walkBatches(ctx.db, sessionId, gt(eventBatches.lastSeq, after), 'forwards')) {
    let seq = batch.firstSeq
    for (const line of splitLines(batch.data)) {
      head = linkLine(head, line)
      if (seq > after && items.length === limit) return { items, nextCursor: String(seq - 1) }
      if (seq > after) items.push({ seq, hash: head.toString('hex'), line: Buffer.from(line).toString('utf8') })
      seq++
    }
  }
  return { items, nextCursor: null }
}

/** The chain's hash before the batch that holds the event after `seq`. */
async function headBefore(ctx: Context, sessionId: SessionId, seq: number): Promise<Buffer> {
  const [before] = await ctx.db
    .select({ head: eventBatches.head })
    .from(eventBatches)
    .where(and(eq(eventBatches.sessionId, sessionId), lte(eventBatches.lastSeq, seq)))
    .orderBy(desc(eventBatches.lastSeq))
    .limit(1)
  return before === undefined ? chainStart() : Buffer.from(before.head)
}
