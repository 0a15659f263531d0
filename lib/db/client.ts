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

export interface StoreOptions {
  /** Most connections at once; 10 when unset. */
  max?: number
  applicationName: string
}

/** What libpq understands in an address and the server would refuse as an unknown setting. */
const LIBPQ_ONLY = ['host', 'channel_binding', 'gssencmode', 'connect_timeout', 'sslrootcert']

/**
 * Opens a pool on the store. `url` is postgres://role:password@host:port/database; a `host` query parameter that is a path
 * (percent-encoded) means a unix socket folder. Connects when first used.
 */
export function openStore(url: string, options: StoreOptions): Store {
  const sql = connect(url, options)
  return { db: drizzle(sql), sql, close: () => sql.end({ timeout: 5 }) }
}

/** The bare pool behind `openStore`, for code that only speaks SQL. */
export function connect(url: string, options: StoreOptions): Sql {
  const parsed = new URL(url)
  const host = parsed.searchParams.get('host')
  for (const name of LIBPQ_ONLY) parsed.searchParams.delete(name)
  return postgres(parsed.href, {
    max: options.max ?? 10,
    onnotice: () => undefined,
    connect_timeout: 10,
    connection: { application_name: options.applicationName },
    ...(host ? { host } : {}),
  })
}
