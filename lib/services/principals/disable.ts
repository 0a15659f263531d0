import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { z } from 'zod'
import { accessTokens, principals, signIns } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId, type PrincipalId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyControl, notifyLive } from '../signals/notify'
import type { PrincipalItem } from './principal-item'
import { findPrincipalItem, principalIdInput } from './read'

/**
 * Shuts a principal out: its sign-ins and tokens end at once, its live sessions within 5 s; those of agents it owns, too, until
 * they have another owner. Tokens stay revoked after `enable`. Nobody disables themselves.
 */
export async function disablePrincipal({ ctx, input }: Call<z.input<typeof principalIdInput>>): Promise<PrincipalItem> {
  requirePermission(ctx, 'principals:write')
  const { id } = parseInput(principalIdInput, input)
  if (!isId('principal', id)) throw new SallyportError('not_found', 'There is no such person, agent or service.')
  if (id === ctx.actor.principal.id) throw new SallyportError('conflict', 'You cannot disable yourself.')
  return inTransaction(ctx, async (inside) => {
    await inside.db
      .update(principals)
      .set({ disabledAt: databaseNow })
      .where(and(eq(principals.id, id), isNull(principals.disabledAt)))
    const item = await findPrincipalItem(inside, id)
    if (item === null) throw new SallyportError('not_found', 'There is no such person, agent or service.')
    const shutOut = await shutOutPrincipals(inside, id)
    await emitAudit(inside, {
      action: 'principal.disable',
      targetId: id,
      targetName: item.name,
      detail: { kind: item.kind, agentsShutOut: shutOut.length - 1 },
    })
    await notifyLive(inside.db, 'principals')
    await notifyLive(inside.db, 'tokens')
    return { ...item, activeTokens: 0 }
  })
}

async function shutOutPrincipals(inside: Context, id: PrincipalId): Promise<PrincipalId[]> {
  const rows = await inside.db
    .select({ id: principals.id })
    .from(principals)
    .where(or(eq(principals.id, id), eq(principals.ownerId, id)))
  const ids = rows.map((row) => row.id)
  await inside.db.delete(signIns).where(inArray(signIns.principalId, ids))
  await inside.db
    .update(accessTokens)
    .set({ revokedAt: databaseNow })
    .where(and(inArray(accessTokens.principalId, ids), isNull(accessTokens.revokedAt)))
  for (const principalId of ids) await notifyControl(inside.db, { kind: 'principal-disabled', principalId })
  return ids
}
