import { inArray } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { roleGroups } from '../../db/schema/principals'
import type { Role } from '../../domain/principal'

/** The roles that membership in `groups` gives: the mapping in the store, and admin for `adminGroups` of the settings. */
export async function resolveRoles(call: {
  db: Database
  groups: readonly string[]
  adminGroups: readonly string[]
}): Promise<ReadonlySet<Role>> {
  const roles = new Set<Role>()
  if (call.groups.length === 0) return roles
  if (call.groups.some((group) => call.adminGroups.includes(group))) roles.add('admin')
  const rows = await call.db
    .select({ role: roleGroups.role })
    .from(roleGroups)
    .where(inArray(roleGroups.group, [...call.groups]))
  for (const row of rows) roles.add(row.role)
  return roles
}
