import { asc } from 'drizzle-orm'
import { z } from 'zod'
import { policyDocuments } from '../../db/schema/policies'
import { type Call, inTransaction } from '../context'
import { policySetVersion } from '../gateway/policy-set'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { policyItem, toPolicyItem } from './policy-item'

export const listPoliciesInput = z.strictObject({})
export const policyList = z.object({
  items: z.array(policyItem),
  nextCursor: z.null(),
  /** Number of the set that these documents are. */
  setVersion: z.number().int(),
})
export type PolicyList = z.infer<typeof policyList>

/** The policies in force: every document, by name, and the number of the set. */
export async function listPolicies({ ctx, input }: Call<z.input<typeof listPoliciesInput>>): Promise<PolicyList> {
  requirePermission(ctx, 'policies:read')
  parseInput(listPoliciesInput, input)
  return inTransaction(ctx, async ({ db }) => {
    const setVersion = await policySetVersion(db)
    const rows = await db.select().from(policyDocuments).orderBy(asc(policyDocuments.name))
    return { items: rows.map(toPolicyItem), nextCursor: null, setVersion }
  })
}
