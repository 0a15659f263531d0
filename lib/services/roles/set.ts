import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { roleGroups } from '../../db/schema/principals'
import { ROLES } from '../../domain/principal'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { groupNames } from '../group-names'
import { parseInput } from '../input'
import { requirePermission } from '../permission'
import { notifyLive } from '../signals/notify'
import type { RoleItem } from './list'

export const setRoleInput = z.strictObject({ role: z.enum(ROLES), groups: groupNames })

/** Gives a role to exactly these groups. Takes effect with the next request of each member. */
export async function setRole({ ctx, input }: Call<z.input<typeof setRoleInput>>): Promise<RoleItem> {
  requirePermission(ctx, 'settings:write')
  const { role, groups } = parseInput(setRoleInput, input)
  return inTransaction(ctx, async (inside) => {
    const removed = await inside.db.delete(roleGroups).where(eq(roleGroups.role, role)).returning()
    if (groups.length > 0) await inside.db.insert(roleGroups).values(groups.map((group) => ({ role, group })))
    await emitAudit(inside, {
      action: 'role.set',
      targetId: role,
      targetName: role,
      detail: { before: removed.map((row) => row.group).sort(), after: groups },
    })
    await notifyLive(inside.db, 'principals')
    return { role, groups }
  })
}
