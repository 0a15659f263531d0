import { sql } from 'drizzle-orm'
import { bigint, check, pgTable, text } from 'drizzle-orm/pg-core'

/** The limits that the store itself guards (`lib/db/guarded-limits.ts`). Written at each start by the owner; the roles can only read. */
export const storeLimits = pgTable(
  'store_limits',
  {
    name: text('name').primaryKey(),
    value: bigint('value', { mode: 'number' }).notNull(),
  },
  (table) => [check('store_limits_value', sql`${table.value} > 0`)],
)
