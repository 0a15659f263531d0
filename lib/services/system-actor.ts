import { SallyportError } from '../domain/errors'
import type { Actor } from '../domain/principal'
import type { Context } from './context'

/** Sallyport itself: signs people in, ends what has expired. Never made from anything a client sent. */
export const systemActor: Actor = {
  principal: { id: 'pri_system', kind: 'service', name: 'sallyport', email: null, ownerId: null, groups: [] },
  roles: new Set(),
  via: { kind: 'system' },
}

/** Whoever holds `$SALLYPORT_HOME/admin.token`. */
export const operatorActor: Actor = {
  principal: { id: 'pri_operator', kind: 'service', name: 'operator', email: null, ownerId: null, groups: [] },
  roles: new Set(),
  via: { kind: 'operator' },
}

/** For verbs that nobody may call by themselves. */
export function requireSystem(ctx: Context): void {
  if (ctx.actor.via.kind !== 'system') throw new SallyportError('forbidden', 'Only Sallyport itself does this.')
}
