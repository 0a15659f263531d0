import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { reviewNotices } from '../../db/schema/notices'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { isoTime } from '../timestamps'

export const readNotificationsInput = z.strictObject({})
export const notificationState = z.object({
  /** Notices that wait to be sent or to be tried again. */
  waiting: z.number().int(),
  /** Given up within a week. */
  failed: z.number().int(),
  lastSentAt: isoTime.nullable(),
  /** What kept the last one that failed from being sent. */
  lastError: z.string().nullable(),
})
export type NotificationState = z.infer<typeof notificationState>

/** How telling others about reviews (webhook, Slack) goes. Where they are told is set in the environment and never read back. */
export async function readNotifications({
  ctx,
  input,
}: Call<z.input<typeof readNotificationsInput>>): Promise<NotificationState> {
  requirePermission(ctx, 'audit:read')
  parseInput(readNotificationsInput, input)
  const done = sql`${reviewNotices.doneAt} is not null`
  const [row] = await ctx.db
    .select({
      waiting: sql<number>`count(*) filter (where not ${done})`.mapWith(Number),
      failed: sql<number>`count(*) filter (where ${done} and ${reviewNotices.lastError} is not null)`.mapWith(Number),
      lastSentAt: sql<
        Date | string | null
      >`max(${reviewNotices.doneAt}) filter (where ${reviewNotices.sentTo} <> '{}')`,
      lastError: sql<string | null>`(array_agg(${reviewNotices.lastError} order by ${reviewNotices.dueAt} desc)
        filter (where ${reviewNotices.lastError} is not null))[1]`,
    })
    .from(reviewNotices)
  const sent = row?.lastSentAt ?? null
  return {
    waiting: row?.waiting ?? 0,
    failed: row?.failed ?? 0,
    lastSentAt: sent === null ? null : new Date(sent).toISOString(),
    lastError: row?.lastError ?? null,
  }
}
