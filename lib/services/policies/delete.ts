import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { policyDocuments } from '../../db/schema/policies'
import { type Call, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notFound, readPolicyInput } from './read'
import { lockPolicies, writePolicySet } from './write-set'

export const deletedPolicy = z.object({ name: z.string(), setVersion: z.number().int() })

/** Takes a document out of force. Every version of the set that had it is kept. */
export async function deletePolicy({
  ctx,
  input,
}: Call<z.input<typeof readPolicyInput>>): Promise<z.infer<typeof deletedPolicy>> {
  requirePermission(ctx, 'policies:write')
  const { name } = parseInput(readPolicyInput, input)
  return inTransaction(ctx, async (inside) => {
    await lockPolicies(inside)
    const [before] = await inside.db
      .select({ name: policyDocuments.name })
      .from(policyDocuments)
      .where(eq(policyDocuments.name, name))
    if (before === undefined) throw notFound()
    return { name, setVersion: await writePolicySet(inside, [{ name, text: null }]) }
  })
}
