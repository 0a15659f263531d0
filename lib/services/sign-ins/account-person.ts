import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { accounts, principals } from '../../db/schema/principals'
import type { PrincipalId } from '../../domain/ids'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requireSystem } from '../system-actor'

export const accountPersonInput = z.strictObject({ provider: z.string().max(500), subject: z.string().max(500) })

/** The person who has an account at the identity provider; null when nobody has. */
export async function accountPerson({ ctx, input }: Call<z.input<typeof accountPersonInput>>): Promise<{
  principalId: PrincipalId
  name: string
  email: string | null
} | null> {
  requireSystem(ctx)
  const { provider, subject } = parseInput(accountPersonInput, input)
  const [row] = await ctx.db
    .select({ principalId: principals.id, name: principals.name, email: principals.email })
    .from(accounts)
    .innerJoin(principals, eq(principals.id, accounts.principalId))
    .where(and(eq(accounts.provider, provider), eq(accounts.subject, subject)))
  return row ?? null
}
