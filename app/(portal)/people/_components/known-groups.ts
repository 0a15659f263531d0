import { may } from '#lib/domain/permissions'
import type { Context } from '#lib/services/context'
import { listPrincipals } from '#lib/services/principals/list'
import { listRoles } from '#lib/services/roles/list'

/** Groups that somebody has or that carry a role: offered while typing, never required. */
export async function knownGroups(ctx: Context): Promise<readonly string[]> {
  if (!may(ctx.actor, 'principals:read')) return []
  const [roles, people] = await Promise.all([
    listRoles({ ctx, input: {} }),
    listPrincipals({ ctx, input: { limit: 200 } }),
  ])
  const found = new Set([...roles.items, ...people.items].flatMap((item) => item.groups))
  return [...found].sort()
}
