import { z } from 'zod'
import { may, PERMISSIONS } from '../../domain/permissions'
import { ROLES } from '../../domain/principal'
import type { Call } from '../context'
import { parseInput } from '../input'

export const readSelfInput = z.strictObject({})

export const selfItem = z.object({
  id: z.string(),
  kind: z.enum(['person', 'agent', 'service']),
  name: z.string(),
  email: z.string().nullable(),
  groups: z.array(z.string()),
  roles: z.array(z.enum(ROLES)),
  via: z.enum(['sign-in', 'token', 'operator', 'system']),
  permissions: z.array(z.string()),
})
export type SelfItem = z.infer<typeof selfItem>

/** Who the actor is, and what it may do. */
export async function readSelf({ ctx, input }: Call<z.input<typeof readSelfInput>>): Promise<SelfItem> {
  parseInput(readSelfInput, input)
  const { principal, roles, via } = ctx.actor
  return {
    id: principal.id,
    kind: principal.kind,
    name: principal.name,
    email: principal.email,
    groups: [...principal.groups],
    roles: ROLES.filter((role) => roles.has(role)),
    via: via.kind,
    permissions: PERMISSIONS.filter((permission) => may(ctx.actor, permission)),
  }
}
