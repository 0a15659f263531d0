/**
 * Whom a hold asks, in words: `any approver`, `2 approvers`, `1 of the group dba`. `role:approver` is everybody with that role;
 * anything else is a group of the identity provider.
 */
export function audience(group: string, quorum: number): string {
  if (!group.startsWith('role:')) return `${quorum} of the group ${group}`
  const role = group.slice(5)
  return quorum === 1 ? `any ${role}` : `${quorum} ${role}s`
}
