import type { Database } from '#lib/db/client'
import { identifyHolder } from '#lib/services/gateway/identify-holder'
import type { IdentityPort } from '../core/ports'
import { STORE_ANSWER_MS, within } from './within'

/** Identities as the store knows them, asked anew for every connection: a revoked token never opens another session. */
export function storeIdentities(db: Database): IdentityPort {
  return { identify: (token) => within(STORE_ANSWER_MS, identifyHolder(db, token)) }
}
