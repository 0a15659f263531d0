import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { NoticeId, ReviewId } from '../../domain/ids'
import type { NoticeKind } from '../../domain/review'
import { reviews } from './reviews'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Outbox: what is to be told outside about a review. Written with what it tells, sent afterwards by one portal. */
export const reviewNotices = pgTable(
  'review_notices',
  {
    id: text('id').$type<NoticeId>().primaryKey(),
    reviewId: text('review_id')
      .$type<ReviewId>()
      .notNull()
      .references(() => reviews.id),
    kind: text('kind').$type<NoticeKind>().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Tried so often, and not again before. */
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull().defaultNow(),
    /** Channels that have it. */
    sentTo: text('sent_to').array().notNull().default(sql`'{}'`),
    lastError: text('last_error'),
    /** Sent everywhere, or given up. */
    doneAt: at('done_at'),
  },
  (t) => [index('review_notices_due').on(t.dueAt).where(sql`${t.doneAt} is null`)],
)
