import { STARTER_POLICIES } from '../../policy/starter'
import { type Context, inTransaction } from '../context'
import { policySetVersion } from '../gateway/policy-set'
import { requireSystem } from '../system-actor'
import { lockPolicies, writePolicySet } from './write-set'

/**
 * Gives a store that never had policies its first ones. What an admin changed or deleted since stays so: a store has a first start
 * once. Hosts that start at the same moment take turns.
 */
export async function installStarterPolicies(ctx: Context): Promise<void> {
  requireSystem(ctx)
  await inTransaction(ctx, async (inside) => {
    await lockPolicies(inside)
    if ((await policySetVersion(inside.db)) === 0) await writePolicySet(inside, STARTER_POLICIES)
  })
}
