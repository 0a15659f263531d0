import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connectionCatalogs } from '../../db/schema/catalogs'
import type { ConnectionId } from '../../domain/ids'

export interface CatalogAddress {
  readonly connectionId: ConnectionId
  readonly database: string
}

/** Keeps what a target's catalog was just now, so that the portal explains as a proxy decides. */
export async function writeCatalog(
  db: Database,
  {
    connectionId,
    database,
    connectionVersion,
    snapshot,
  }: CatalogAddress & {
    readonly connectionVersion: number
    readonly snapshot: unknown
  },
): Promise<void> {
  const newest = { connectionVersion, snapshot, readAt: sql`now()` }
  await db
    .insert(connectionCatalogs)
    .values({ connectionId, database, ...newest })
    .onConflictDoUpdate({ target: [connectionCatalogs.connectionId, connectionCatalogs.database], set: newest })
}

export interface KeptCatalog {
  readonly connectionVersion: number
  readonly snapshot: unknown
  readonly readAt: Date
}

/** The last snapshot of a database; null when no proxy has seen it yet. */
export async function readCatalog(
  db: Database,
  { connectionId, database }: CatalogAddress,
): Promise<KeptCatalog | null> {
  const [row] = await db
    .select({
      connectionVersion: connectionCatalogs.connectionVersion,
      snapshot: connectionCatalogs.snapshot,
      readAt: connectionCatalogs.readAt,
    })
    .from(connectionCatalogs)
    .where(and(eq(connectionCatalogs.connectionId, connectionId), eq(connectionCatalogs.database, database)))
  return row ?? null
}
