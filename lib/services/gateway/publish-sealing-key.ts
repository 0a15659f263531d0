import type { Database } from '../../db/client'
import { sealingKeys } from '../../db/schema/connections'
import type { SealingKeyId } from '../../domain/ids'

/** Makes a proxy's public key known to those who seal secrets. Doing it again changes nothing. */
export async function publishSealingKey(
  db: Database,
  key: { readonly id: SealingKeyId; readonly publicKey: Uint8Array },
): Promise<void> {
  await db.insert(sealingKeys).values({ id: key.id, publicKey: key.publicKey }).onConflictDoNothing()
}
