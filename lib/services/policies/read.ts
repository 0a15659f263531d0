import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { policyDocuments } from '../../db/schema/policies'
import { SallyportError } from '../../domain/errors'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { type PolicyItem, toPolicyItem } from './policy-item'

export const readPolicyInput = z.strictObject({ name: z.string().max(63) })

/** One document of policies. */
export async function readPolicy({ ctx, input }: Call<z.input<typeof readPolicyInput>>): Promise<PolicyItem> {
  requirePermission(ctx, 'policies:read')
  const { name } = parseInput(readPolicyInput, input)
  const [row] = await ctx.db.select().from(policyDocuments).where(eq(policyDocuments.name, name))
  if (row === undefined) throw notFound()
  return toPolicyItem(row)
}

export function notFound(): SallyportError {
  return new SallyportError('not_found', 'There is no such policy document.')
}
