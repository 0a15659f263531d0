import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { sessionEndRequests } from '../../db/schema/sessions'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { iso, isoTime } from '../timestamps'
import { mayEndSession } from './end'
import { findSession } from './find'
import { recordView } from './record-view'
import { type SessionRow, sessionItem, toSessionItem } from './session-item'

export const sessionIdInput = z.strictObject({ id: z.string().max(64) })

export const sessionDetail = sessionItem.extend({
  /** Events shipped so far, and the chain's hash (hex) after the last. */
  events: z.number().int(),
  head: z.string().nullable(),
  tokenId: z.string(),
  /** Whether the actor may end it now. */
  mayEnd: z.boolean(),
  endRequested: z.object({ by: z.string(), at: isoTime }).nullable(),
})
export type SessionDetail = z.infer<typeof sessionDetail>

/** One session. Looking at it is recorded. */
export async function readSession({ ctx, input }: Call<z.input<typeof sessionIdInput>>): Promise<SessionDetail> {
  const { id } = parseInput(sessionIdInput, input)
  const row = await findSession(ctx, id)
  await recordView(ctx, row)
  return toDetail(ctx, row)
}

async function toDetail(ctx: Context, row: SessionRow): Promise<SessionDetail> {
  const { session } = row
  const [request] = await ctx.db.select().from(sessionEndRequests).where(eq(sessionEndRequests.sessionId, session.id))
  return {
    ...toSessionItem(row),
    events: session.lastSeq + 1,
    head: session.head === null ? null : Buffer.from(session.head).toString('hex'),
    tokenId: session.tokenId,
    mayEnd: session.endedAt === null && mayEndSession(ctx, row),
    endRequested: request === undefined ? null : { by: request.requestedByName, at: iso(request.requestedAt) },
  }
}
