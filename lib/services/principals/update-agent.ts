import { and, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { groupNames } from '../group-names'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyLive } from '../signals/notify'
import { findOrInviteOwner, ownerEmail } from './owner'
import type { PrincipalItem } from './principal-item'
import { findPrincipalItem } from './read'

export const updateAgentInput = z.strictObject({
  id: z.string().max(64),
  groups: groupNames.optional(),
  ownerEmail: ownerEmail.optional(),
})

/** Changes an agent's or service's groups or owner. A person's groups are the identity provider's: not changed here. */
export async function updateAgent({ ctx, input }: Call<z.input<typeof updateAgentInput>>): Promise<PrincipalItem> {
  requirePermission(ctx, 'principals:write')
  const change = parseInput(updateAgentInput, input)
  const { id } = change
  return inTransaction(ctx, async (inside) => {
    const [before] = isId('principal', id)
      ? await inside.db
          .select()
          .from(principals)
          .where(and(eq(principals.id, id), ne(principals.kind, 'person')))
          .for('update')
      : []
    if (before === undefined) throw new SallyportError('not_found', 'There is no such agent or service.')
    const ownerId = change.ownerEmail ? await findOrInviteOwner(inside, change.ownerEmail) : before.ownerId
    const groups = change.groups ?? before.groups
    await inside.db.update(principals).set({ groups, ownerId }).where(eq(principals.id, before.id))
    await emitAudit(inside, {
      action: `${before.kind}.update`,
      targetId: before.id,
      targetName: before.name,
      detail: { before: { groups: before.groups, ownerId: before.ownerId }, after: { groups, ownerId } },
    })
    await notifyLive(inside.db, 'principals')
    const item = await findPrincipalItem(inside, before.id)
    if (item === null) throw new SallyportError('not_found', 'There is no such agent or service.')
    return item
  })
}
