import { unseal } from '#lib/crypto/unsealing'
import type { Database } from '#lib/db/client'
import { SallyportError } from '#lib/domain/errors'
import { findConnection } from '#lib/services/gateway/find-connection'
import { readSealedSecret } from '#lib/services/gateway/read-sealed-secret'
import type { ConnectionPort } from '../core/ports'
import type { SealingKey } from './sealing-key'
import { STORE_ANSWER_MS, within } from './within'

/** Connections as the store knows them; their secrets open with this gateway's key, one field at a time, when they are needed. */
export function storeConnections(db: Database, key: SealingKey): ConnectionPort {
  return {
    find: (name) => within(STORE_ANSWER_MS, findConnection(db, name)),
    async openSecret(binding) {
      const secret = await within(STORE_ANSWER_MS, readSealedSecret(db, binding.connectionId, binding.field))
      if (!secret) return null
      if (secret.keyId !== key.id)
        throw new SallyportError(
          'secret_unreadable',
          `The stored ${binding.field} was sealed to another gateway's key. Enter it again.`,
        )
      return unseal(key.privateKey, binding, secret.sealed)
    },
  }
}
