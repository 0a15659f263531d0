import { sql } from 'drizzle-orm'

/** The store's own clock: what expires and what happened first is decided by it alone. */
export const databaseNow = sql`now()`
