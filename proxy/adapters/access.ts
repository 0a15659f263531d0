import type { Database } from '#lib/db/client'
import type { Denial } from '#lib/domain/denial'
import { type LostAccess, recheckSessions, type SessionObjection } from '#lib/services/gateway/recheck-sessions'
import type { AccessPort, SessionVerdict } from '../core/session-watch'
import { STORE_ANSWER_MS, within } from './within'

const WORDS: Readonly<Record<LostAccess, [policy: string, reason: string]>> = {
  'token-revoked': ['token', 'the access token was revoked'],
  'token-expired': ['token', 'the access token has expired; get a new one and connect again'],
  'signed-out': ['token', 'its holder signed out, which ends the access token'],
  'principal-disabled': ['access', 'this principal is disabled'],
  'owner-disabled': ['access', 'the person who answers for this principal is disabled'],
  'connection-gone': ['access', 'the connection no longer exists'],
  'connection-disabled': ['access', 'the connection was disabled'],
  'access-withdrawn': ['access', 'access to this connection was withdrawn'],
}

/** Whether live sessions may go on, as the store says. */
export function storeAccess(db: Database): AccessPort {
  return { recheck: async (sessions) => (await within(STORE_ANSWER_MS, recheckSessions(db, sessions))).map(verdict) }
}

function verdict(objection: SessionObjection): SessionVerdict {
  const { sessionId } = objection
  if (objection.cause === 'ended-by-person')
    return { sessionId, reason: 'ended-by-person', denial: denied('session', `ended by ${objection.endedBy}`) }
  const [policy, reason] = WORDS[objection.cause]
  return { sessionId, reason: 'access-revoked', denial: denied(policy, reason) }
}

function denied(policy: string, reason: string): Denial {
  return { kind: 'denied', policy, reason }
}
