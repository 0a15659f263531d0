import { integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { ConnectionId } from '../../domain/ids'

/** What a proxy last saw of a target's catalog: lets the portal explain a statement as a proxy would judge it. */
export const connectionCatalogs = pgTable(
  'connection_catalogs',
  {
    connectionId: text('connection_id').$type<ConnectionId>().notNull(),
    database: text('database').notNull(),
    connectionVersion: integer('connection_version').notNull(),
    snapshot: jsonb('snapshot').$type<unknown>().notNull(),
    readAt: timestamp('read_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.database] })],
)
