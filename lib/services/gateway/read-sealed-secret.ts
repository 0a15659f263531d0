import { and, eq } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { connectionSecrets } from '../../db/schema/connections'
import type { ConnectionId, SealingKeyId } from '../../domain/ids'

export interface SealedSecret {
  readonly keyId: SealingKeyId
  readonly sealed: Uint8Array
}

/** One field of a connection's secret as it rests; null when it has none. */
export async function readSealedSecret(
  db: Database,
  connectionId: ConnectionId,
  field: string,
): Promise<SealedSecret | null> {
  const [row] = await db
    .select({ keyId: connectionSecrets.keyId, sealed: connectionSecrets.sealed })
    .from(connectionSecrets)
    .where(and(eq(connectionSecrets.connectionId, connectionId), eq(connectionSecrets.field, field)))
  return row ?? null
}
