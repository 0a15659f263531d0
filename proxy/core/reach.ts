import type { Connection } from '#lib/domain/connection'
import type { Authorized, Claim, ConnectionPort, Identity, Reach } from './ports'

/**
 * The only place where proof is made that a connection may be dialled: for a session after `permit`, for a connection test after
 * the store named it.
 */
export function authorized(
  connections: ConnectionPort,
  identity: Identity,
  claim: Claim,
  connection: Connection,
): Authorized {
  return { ...reach(connections, connection, claim.database), identity } as Authorized
}

/** Proof for a connection test that an admin asked for: reaches the target, carries no identity, opens no session. */
export function reachForTest(connections: ConnectionPort, connection: Connection): Reach {
  return reach(connections, connection, null) as Reach
}

function reach(connections: ConnectionPort, connection: Connection, database: string | null) {
  const { id: connectionId, protocol, host, port } = connection
  return {
    connection,
    database,
    secret: (field: string) => connections.openSecret({ connectionId, field, protocol, host, port }),
  }
}
