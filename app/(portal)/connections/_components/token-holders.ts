import { may } from '#lib/domain/permissions'
import type { Context } from '#lib/services/context'
import { listPrincipals } from '#lib/services/principals/list'

/** Somebody the reader may mint a token for, and whether it would open this connection. */
export interface TokenHolder {
  readonly id: string
  readonly name: string
  readonly kind: 'person' | 'agent' | 'service'
  readonly self: boolean
  readonly mayUse: boolean
}

/**
 * The reader, and the agents and services it answers for (for an admin: all, up to 200). `access` are the groups of the
 * connection that the token is meant for; without it everybody counts as allowed.
 */
export async function tokenHolders(ctx: Context, access?: readonly string[]): Promise<readonly TokenHolder[]> {
  const me = ctx.actor.principal
  const opens = (groups: readonly string[]) => access === undefined || access.some((group) => groups.includes(group))
  const agents = await listPrincipals({
    ctx,
    input: {
      automated: true,
      disabled: false,
      limit: 200,
      ...(may(ctx.actor, 'tokens:write') ? {} : { ownerId: me.id }),
    },
  })
  return [
    { id: me.id, name: me.name, kind: me.kind, self: true, mayUse: opens(me.groups) },
    ...agents.items.map((item) => ({
      id: item.id,
      name: item.name,
      kind: item.kind,
      self: false,
      mayUse: opens(item.groups),
    })),
  ]
}
