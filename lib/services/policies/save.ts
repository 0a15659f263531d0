import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { policyDocuments } from '../../db/schema/policies'
import { SallyportError } from '../../domain/errors'
import { type Call, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { policyItem, policyName } from './policy-item'
import { notFound, readPolicy } from './read'
import { lockPolicies, writePolicySet } from './write-set'

export const savePolicyInput = z.strictObject({
  name: policyName,
  text: z.string().min(1).max(200_000),
  /** The version that was read; null: the document is new. */
  version: z.number().int().min(1).nullable().default(null),
})
/** `setVersion`: number of the set that is in force from now on, on every worker within a second. */
export const savedPolicy = policyItem.extend({ setVersion: z.number().int() })
export type SavedPolicy = z.infer<typeof savedPolicy>

/**
 * Creates or changes a document of policies. Throws `invalid_input`, as `name:line: reason`, when the whole set would not stand, and
 * `conflict` when there already is one of this name, or somebody else changed it since `version`.
 */
export async function savePolicy({ ctx, input }: Call<z.input<typeof savePolicyInput>>): Promise<SavedPolicy> {
  requirePermission(ctx, 'policies:write')
  const { name, text, version } = parseInput(savePolicyInput, input)
  return inTransaction(ctx, async (inside) => {
    await lockPolicies(inside)
    const [before] = await inside.db
      .select({ version: policyDocuments.version })
      .from(policyDocuments)
      .where(eq(policyDocuments.name, name))
    if (before !== undefined && version === null)
      throw new SallyportError('conflict', `name: there already is a document called ${name}.`, { field: 'name' })
    if (before === undefined && version !== null) throw notFound()
    if (before !== undefined && before.version !== version)
      throw new SallyportError('conflict', 'Somebody else changed this document meanwhile. Load it again.')
    const setVersion = await writePolicySet(inside, [{ name, text }])
    return { ...(await readPolicy({ ctx: inside, input: { name } })), setVersion }
  })
}
