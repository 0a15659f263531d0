import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyLive } from '../signals/notify'
import type { PrincipalItem } from './principal-item'
import { findPrincipalItem, principalIdInput } from './read'

/** Lets a disabled principal in again. It needs a new sign-in and new tokens. */
export async function enablePrincipal({ ctx, input }: Call<z.input<typeof principalIdInput>>): Promise<PrincipalItem> {
  requirePermission(ctx, 'principals:write')
  const { id } = parseInput(principalIdInput, input)
  if (!isId('principal', id)) throw new SallyportError('not_found', 'There is no such person, agent or service.')
  return inTransaction(ctx, async (inside) => {
    await inside.db.update(principals).set({ disabledAt: null }).where(eq(principals.id, id))
    const item = await findPrincipalItem(inside, id)
    if (item === null) throw new SallyportError('not_found', 'There is no such person, agent or service.')
    await emitAudit(inside, { action: 'principal.enable', targetId: id, targetName: item.name })
    await notifyLive(inside.db, 'principals')
    return item
  })
}
