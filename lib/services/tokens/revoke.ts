import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { accessTokens, principals, runs } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import { may } from '../../domain/permissions'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { notifyControl, notifyLive } from '../signals/notify'
import { visibleTokens } from './list'
import { type TokenItem, tokenColumns, toTokenItem } from './token-item'

export const revokeTokenInput = z.strictObject({ id: z.string().max(64) })

/** Ends a token now and its live sessions within 5 s. Own tokens and those of own agents need no role. Twice is harmless. */
export async function revokeToken({ ctx, input }: Call<z.input<typeof revokeTokenInput>>): Promise<TokenItem> {
  const { id } = parseInput(revokeTokenInput, input)
  return inTransaction(ctx, async (inside) => {
    const [row] = isId('token', id)
      ? await inside.db
          .select({ ...tokenColumns, ownerId: principals.ownerId })
          .from(accessTokens)
          .innerJoin(principals, eq(principals.id, accessTokens.principalId))
          .leftJoin(runs, eq(runs.id, accessTokens.runId))
          .where(and(eq(accessTokens.id, id), visibleTokens(inside)))
          .for('update', { of: accessTokens })
      : []
    if (row === undefined) throw new SallyportError('not_found', 'There is no such token.')
    const me = inside.actor.principal.id
    if (!may(inside.actor, 'tokens:write') && row.principalId !== me && row.ownerId !== me)
      throw new SallyportError('forbidden', 'Only an admin or its owner can revoke this token.')
    if (row.revokedAt !== null) return toTokenItem(row)
    const [done] = await inside.db
      .update(accessTokens)
      .set({ revokedAt: databaseNow })
      .where(eq(accessTokens.id, row.id))
      .returning({ revokedAt: accessTokens.revokedAt })
    await emitAudit(inside, { action: 'token.revoke', targetId: row.id, targetName: row.principalName })
    await notifyControl(inside.db, { kind: 'token-revoked', tokenId: row.id })
    await notifyLive(inside.db, 'tokens')
    return toTokenItem({ ...row, revokedAt: done?.revokedAt ?? row.revokedAt })
  })
}
