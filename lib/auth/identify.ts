import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../domain/clock'
import type { Actor, Principal, Via } from '../domain/principal'
import type { Context } from '../services/context'
import { resolveRoles } from '../services/roles/resolve'
import { identifySignIn } from '../services/sign-ins/identify'
import { operatorActor, systemActor } from '../services/system-actor'
import { identifyToken } from '../services/tokens/identify'
import { type Portal, secureRandom } from './portal'

/** The context in which `actor` calls services. */
function contextOf(portal: Portal, actor: Actor): Context {
  return {
    db: portal.store.db,
    actor,
    clock: systemClock,
    random: secureRandom,
    fingerprintKey: portal.fingerprintKey,
    dryRunner: portal.dryRunner,
    limits: portal.env.limits,
  }
}

/** For what Sallyport does by itself while nobody is signed in yet. */
export function systemContext(portal: Portal): Context {
  return contextOf(portal, systemActor)
}

/** Who a sign-in's cookie speaks for; null when nobody. */
export async function contextOfCookie(portal: Portal, cookie: string | undefined): Promise<Context | null> {
  if (!cookie) return null
  const found = await identifySignIn({ db: portal.store.db, token: cookie })
  return found && withRoles(portal, found.principal, { kind: 'sign-in', signInId: found.signInId })
}

/** `wrong-scope`: a valid token that is good for the listeners only. */
export async function contextOfBearer(portal: Portal, token: string): Promise<Context | 'wrong-scope' | null> {
  if (isOperatorToken(portal, token)) return contextOf(portal, operatorActor)
  const found = await identifyToken({ db: portal.store.db, token })
  if (found === null) return null
  if (found.scope !== 'api') return 'wrong-scope'
  return withRoles(portal, found.principal, { kind: 'token', tokenId: found.tokenId, runId: found.runId })
}

async function withRoles(portal: Portal, principal: Principal, via: Via): Promise<Context> {
  const { groups } = principal
  const roles =
    principal.kind === 'person'
      ? await resolveRoles({ db: portal.store.db, groups, adminGroups: portal.env.SALLYPORT_ADMIN_GROUPS })
      : new Set<never>()
  return contextOf(portal, { principal, roles, via })
}

/** Compared as hashes of equal length, in constant time. Without a readable file there is no operator. */
function isOperatorToken(portal: Portal, token: string): boolean {
  let kept: string
  try {
    kept = readFileSync(join(portal.env.SALLYPORT_HOME, 'admin.token'), 'utf8').trim()
  } catch {
    return false
  }
  if (kept.length < 32) return false
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(digest(kept), digest(token))
}
