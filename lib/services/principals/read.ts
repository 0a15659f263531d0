import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId, type PrincipalId } from '../../domain/ids'
import { may } from '../../domain/permissions'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { owners, type PrincipalItem, principalColumns, toPrincipalItem } from './principal-item'

export const principalIdInput = z.strictObject({ id: z.string().max(64) })

/** One principal. Without `principals:read`: the actor itself and the agents it owns; others are `not_found`. */
export async function readPrincipal({ ctx, input }: Call<z.input<typeof principalIdInput>>): Promise<PrincipalItem> {
  const { id } = parseInput(principalIdInput, input)
  const item = isId('principal', id) ? await findPrincipalItem(ctx, id) : null
  const me = ctx.actor.principal.id
  if (item === null || !(may(ctx.actor, 'principals:read') || item.id === me || item.owner?.id === me))
    throw new SallyportError('not_found', 'There is no such person, agent or service.')
  return item
}

/** Without any check of who asks: for verbs that have done theirs. */
export async function findPrincipalItem(ctx: Context, id: PrincipalId): Promise<PrincipalItem | null> {
  const [row] = await ctx.db
    .select(principalColumns)
    .from(principals)
    .leftJoin(owners, eq(owners.id, principals.ownerId))
    .where(eq(principals.id, id))
  return row === undefined ? null : toPrincipalItem(row)
}
