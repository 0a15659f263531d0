import { isToken } from '#lib/crypto/tokens'
import type { Connection } from '#lib/domain/connection'
import type { Denial } from '#lib/domain/denial'
import type { AttemptLimit } from './attempt-limit'
import type { Log } from './log'
import type { Claim, ConnectionPort, Identity, IdentityPort } from './ports'

/** Keeps a record of identified principals that were turned away. */
export interface RefusalPort {
  record(refusal: Refusal): Promise<void>
}

export interface Refusal {
  readonly identity: Identity
  readonly claim: Claim
  readonly connection: Connection | null
  readonly clientAddress: string
  readonly denial: Denial
}

export interface AdmissionParts {
  readonly identities: IdentityPort
  readonly connections: ConnectionPort
  readonly refusals: RefusalPort
  readonly attempts: AttemptLimit
  readonly log: Log
}

type Known = { readonly identity: Identity } | { readonly denial: Denial }

const STORE_AWAY: Denial = {
  kind: 'unavailable',
  reason: 'the gateway cannot reach its store, and starts no session without it; try again in a moment',
}
const UNKNOWN_TOKEN: Denial = {
  kind: 'denied',
  policy: 'token',
  reason: 'the access token is unknown, expired or revoked; get a new one and connect again',
}
const TOO_MANY: Denial = {
  kind: 'denied',
  policy: 'limits',
  reason: 'too many failed attempts from this address; wait a minute and check the access token',
}

/**
 * Who presents this claim. A token that cannot be one, or that has just failed too often from this address, is refused without
 * asking the store; a good token always gets in, whatever others at its address tried.
 */
export async function identify(parts: AdmissionParts, claim: Claim, address: string): Promise<Known> {
  if (parts.attempts.exhausted(address, claim.token)) return { denial: TOO_MANY }
  if (!isToken(claim.token)) return failed(parts, claim, address)
  try {
    const identity = await parts.identities.identify(claim.token)
    return identity ? { identity } : failed(parts, claim, address)
  } catch (error) {
    parts.log.warn({ error: String(error), address }, 'a client could not be identified')
    return { denial: STORE_AWAY }
  }
}

function failed(parts: AdmissionParts, claim: Claim, address: string): Known {
  const denial = parts.attempts.failed(address, claim.token) ? TOO_MANY : UNKNOWN_TOKEN
  parts.log.info({ address }, 'refused a client with no valid token')
  return { denial }
}

/**
 * Whether this identity may use the connection it asks for. What one may not use and what does not exist are refused in the same
 * words.
 */
export async function permit(
  parts: AdmissionParts,
  identity: Identity,
  claim: Claim,
): Promise<{ connection: Connection } | { denial: Denial; connection: Connection | null }> {
  if (identity.connections && !identity.connections.includes(claim.connection))
    return {
      connection: null,
      denial: denied('token', `this access token is not good for ${quoted(claim.connection)}`),
    }
  let connection: Connection | null
  try {
    connection = await parts.connections.find(claim.connection)
  } catch (error) {
    parts.log.warn({ error: String(error) }, 'a connection could not be read')
    return { connection: null, denial: STORE_AWAY }
  }
  if (!connection || !sharesGroup(identity, connection))
    return {
      connection,
      denial: denied('access', `there is no connection ${quoted(claim.connection)} that you may use`),
    }
  if (connection.disabled)
    return { connection, denial: denied('access', `connection ${quoted(connection.name)} is disabled`) }
  return { connection }
}

function sharesGroup(identity: Identity, connection: Connection): boolean {
  return connection.access.some((group) => identity.principal.groups.includes(group))
}

function denied(policy: string, reason: string): Denial {
  return { kind: 'denied', policy, reason }
}

/** A name as a client sent it, made safe to print. */
function quoted(name: string): string {
  const shown = name.length > 63 ? `${name.slice(0, 63)}…` : name
  return JSON.stringify(shown)
}
