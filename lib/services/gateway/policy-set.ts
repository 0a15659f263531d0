import { desc } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { policyVersions } from '../../db/schema/policies'
import type { PolicySet } from '../../domain/policy'

/** The policies in force: the newest version that was kept. A store without any has none, so that everything is denied. */
export async function loadPolicySet(db: Database): Promise<PolicySet> {
  const [newest] = await db
    .select({ version: policyVersions.version, documents: policyVersions.documents })
    .from(policyVersions)
    .orderBy(desc(policyVersions.version))
    .limit(1)
  return newest ?? { version: 0, documents: [] }
}

/** The number of the set in force. */
export async function policySetVersion(db: Database): Promise<number> {
  const [newest] = await db
    .select({ version: policyVersions.version })
    .from(policyVersions)
    .orderBy(desc(policyVersions.version))
    .limit(1)
  return newest?.version ?? 0
}
