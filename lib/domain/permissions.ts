import type { Actor, Role } from './principal'

/**
 * What each role may do in the portal and the API. Connecting through the gateway is not here: `access` groups and policies
 * decide that. `own` means the actor's own things (own tokens, own sessions, own agents) and needs no role.
 */
const GRANTS = {
  'connections:read': ['admin', 'approver', 'auditor', 'engineer'],
  'connections:write': ['admin'],
  'principals:read': ['admin', 'auditor', 'approver'],
  'principals:write': ['admin'],
  'tokens:read': ['admin', 'auditor'],
  'tokens:write': ['admin'],
  'sessions:read': ['admin', 'auditor'],
  'sessions:end': ['admin'],
  'recordings:read': ['admin', 'auditor'],
  'audit:read': ['admin', 'auditor'],
  'settings:write': ['admin'],
  'reviews:read': ['admin', 'approver', 'auditor'],
  'reviews:decide': ['approver'],
  'grants:revoke': ['admin', 'approver'],
  'policies:read': ['admin', 'approver', 'auditor', 'engineer'],
  'policies:write': ['admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof GRANTS
export const PERMISSIONS = Object.keys(GRANTS) as readonly Permission[]

/** What the operator (the token on the gateway's own disk) may do: configure, mint agents' tokens, read. Never approve. */
const OPERATOR: ReadonlySet<Permission> = new Set<Permission>([
  'connections:read',
  'connections:write',
  'principals:read',
  'principals:write',
  'tokens:read',
  'tokens:write',
  'sessions:read',
  'recordings:read',
  'audit:read',
  'settings:write',
  'reviews:read',
  'policies:read',
  'policies:write',
])

/** True when one of the actor's roles carries the permission. */
export function may(actor: Actor, permission: Permission): boolean {
  if (actor.via.kind === 'system') return permission !== 'reviews:decide'
  if (actor.via.kind === 'operator') return OPERATOR.has(permission)
  return GRANTS[permission].some((role) => actor.roles.has(role))
}
