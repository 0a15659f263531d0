import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connections } from '../../db/schema/connections'
import type { Connection } from '../../domain/connection'
import type { ConnectionId } from '../../domain/ids'

/** A connection that is not deleted, by name; disabled ones too. For proxies: whether somebody may use it is decided there. */
export async function findConnection(db: Database, name: string): Promise<Connection | null> {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.name, name), isNull(connections.deletedAt)))
  return row ? toConnection(row) : null
}

/** The same by id. */
export async function readConnection(db: Database, id: ConnectionId): Promise<Connection | null> {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), isNull(connections.deletedAt)))
  return row ? toConnection(row) : null
}

function toConnection(row: typeof connections.$inferSelect): Connection {
  const { id, version, name, protocol, host, port, tags, access, settings, recording, hold, masking } = row
  const disabled = row.disabledAt !== null
  return { id, version, name, protocol, host, port, tags, access, settings, recording, hold, masking, disabled }
}
