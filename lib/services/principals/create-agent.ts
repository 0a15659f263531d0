import { z } from 'zod'
import { principals } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { newId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, idSource, inTransaction } from '../context'
import { groupNames } from '../group-names'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyLive } from '../signals/notify'
import { breaksUnique } from '../store-refusals'
import { findOrInviteOwner, ownerEmail } from './owner'
import type { PrincipalItem } from './principal-item'
import { findPrincipalItem } from './read'

export const agentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be 1 to 63 of a to z, 0 to 9, dot, underscore and hyphen')

export const createAgentInput = z.strictObject({
  name: agentName,
  kind: z.enum(['agent', 'service']).default('agent'),
  /** The human who answers for it; invited when they have not signed in yet. */
  ownerEmail,
  groups: groupNames.default([]),
})

/** Registers an agent or a service. Throws `conflict` when the name is taken. */
export async function createAgent({ ctx, input }: Call<z.input<typeof createAgentInput>>): Promise<PrincipalItem> {
  requirePermission(ctx, 'principals:write')
  const agent = parseInput(createAgentInput, input)
  try {
    return await inTransaction(ctx, async (inside) => {
      const ownerId = await findOrInviteOwner(inside, agent.ownerEmail)
      const id = newId('principal', idSource(inside))
      const { name, kind, groups } = agent
      await inside.db.insert(principals).values({ id, kind, name, groups, ownerId })
      await emitAudit(inside, {
        action: `${kind}.create`,
        targetId: id,
        targetName: name,
        detail: { owner: agent.ownerEmail, groups },
      })
      await notifyLive(inside.db, 'principals')
      const item = await findPrincipalItem(inside, id)
      if (item === null) throw new SallyportError('internal', 'The new agent cannot be read back.')
      return item
    })
  } catch (error) {
    if (!breaksUnique(error, 'principals_name')) throw error
    throw new SallyportError(
      'conflict',
      `name: there already is ${agent.kind === 'agent' ? 'an agent' : 'a service'} called ${agent.name}.`,
      {
        field: 'name',
      },
    )
  }
}
