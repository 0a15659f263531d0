import { asc } from 'drizzle-orm'
import { z } from 'zod'
import { roleGroups } from '../../db/schema/principals'
import { ROLES } from '../../domain/principal'
import type { Call } from '../context'
import { parseInput } from '../input'
import { requirePermission } from '../permission'

export const listRolesInput = z.strictObject({})
export const roleItem = z.object({ role: z.enum(ROLES), groups: z.array(z.string()) })
export type RoleItem = z.infer<typeof roleItem>

/** Which groups have which role. Groups that the settings make admins are not in it: they are not the store's to change. */
export async function listRoles({ ctx, input }: Call<z.input<typeof listRolesInput>>): Promise<{ items: RoleItem[] }> {
  requirePermission(ctx, 'principals:read')
  parseInput(listRolesInput, input)
  const rows = await ctx.db.select().from(roleGroups).orderBy(asc(roleGroups.group))
  return {
    items: ROLES.map((role) => ({ role, groups: rows.filter((row) => row.role === role).map((row) => row.group) })),
  }
}
