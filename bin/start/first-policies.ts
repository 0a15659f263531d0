import { randomBytes } from 'node:crypto'
import { openStore } from '#lib/db/client'
import { systemClock } from '#lib/domain/clock'
import { installStarterPolicies } from '#lib/services/policies/install-starter'
import { systemActor } from '#lib/services/system-actor'

/** Gives a store its first policies, once in its life. `portalUrl` is the portal's address of it: policies are the portal's to write. */
export async function installFirstPolicies(portalUrl: string): Promise<void> {
  const store = openStore(portalUrl, { max: 1, applicationName: 'sallyport start' })
  const random = (length: number) => randomBytes(length)
  try {
    await installStarterPolicies({ db: store.db, actor: systemActor, clock: systemClock, random })
  } finally {
    await store.close()
  }
}
