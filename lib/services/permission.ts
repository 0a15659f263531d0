import { SallyportError } from '../domain/errors'
import { may, type Permission } from '../domain/permissions'
import type { Context } from './context'

/** Throws `forbidden` unless one of the actor's roles carries the permission. */
export function requirePermission(ctx: Context, permission: Permission): void {
  if (may(ctx.actor, permission)) return
  throw new SallyportError('forbidden', `Your roles do not include ${permission}. Ask an admin of this installation.`)
}
