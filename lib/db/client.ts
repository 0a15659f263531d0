import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

/** The store, or a transaction in it. */
export type Database = PostgresJsDatabase<Record<string, never>>
export type Sql = postgres.Sql

export interface Store {
  readonly db: Database
  readonly sql: Sql
  close(): Promise<void>
}

/**
 * Opens a pool on the store. `url` is postgres://role:password@host:port/database; a `host` query parameter that is a path
 * (percent-encoded) means a unix socket folder.
 */
export function openStore(url: string, options: { max?: number; applicationName: string }): Store {
  const parsed = new URL(url)
  const socketFolder = parsed.searchParams.get('host')
  parsed.searchParams.delete('host')
  const sql = postgres(parsed.href, {
    max: options.max ?? 10,
    onnotice: () => undefined,
    connection: { application_name: options.applicationName },
    ...(socketFolder ? { host: socketFolder } : {}),
  })
  return { db: drizzle(sql), sql, close: () => sql.end({ timeout: 5 }) }
}
