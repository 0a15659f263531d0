import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { newId, type PrincipalId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Context, idSource } from '../context'

export const ownerEmail = z.email('must be the e-mail address of a person').max(254)

/**
 * The person with this address, who may answer for an agent. One who has never signed in is invited: a person without an account,
 * which only a sign-in with that address, verified by the identity provider, can take.
 */
export async function findOrInviteOwner(ctx: Context, email: string): Promise<PrincipalId> {
  const [found] = await ctx.db
    .select({ id: principals.id, kind: principals.kind, disabledAt: principals.disabledAt })
    .from(principals)
    .where(sql`lower(${principals.email}) = lower(${email})`)
  if (found !== undefined) {
    if (found.kind !== 'person' || found.disabledAt !== null)
      throw new SallyportError('invalid_input', `ownerEmail: ${email} cannot answer for an agent (disabled).`, {
        field: 'ownerEmail',
      })
    return found.id
  }
  const id = newId('principal', idSource(ctx))
  await ctx.db.insert(principals).values({ id, kind: 'person', name: email, email })
  await emitAudit(ctx, { action: 'principal.invite', targetId: id, targetName: email })
  return id
}
