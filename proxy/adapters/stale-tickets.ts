import { nameSpace } from '#lib/policy/name-space'
import { closeReviews } from '#lib/services/gateway/close-reviews'
import type { GatewayContext } from '#lib/services/gateway/gateway-context'
import { type PendingTicket, pendingTickets } from '#lib/services/gateway/pending-tickets'
import { changeOf } from '../core/gate-hold-rules'
import type { Log } from '../core/log'
import type { StorePolicies } from './policies'
import { recordedVerdict } from './policy-request'

export interface StaleTicketsParts extends GatewayContext {
  readonly policies: Pick<StorePolicies, 'version' | 'judge'>
  readonly log: Log
}

/**
 * Closes the tickets that the policies in force do not hold, or hold for others: nobody is asked to approve them in vain, and whoever sends
 * the same again is judged anew. Clients that wait look for themselves. Never rejects: an approval is judged again before it is used.
 */
export async function closeStaleTickets(parts: StaleTicketsParts): Promise<void> {
  const { db, policies, log } = parts
  try {
    const tickets = await pendingTickets(db, policies.version)
    const stale = tickets.filter((ticket) => isStale(ticket, parts)).map(({ reviewId }) => reviewId)
    const closed = await closeReviews(parts, { reviewIds: stale, why: 'policy-changed' })
    if (closed.length > 0) log.info({ reviews: closed }, 'tickets are closed: the policies changed')
  } catch (error) {
    log.warn({ error: String(error) }, 'tickets could not be judged by the policies in force')
  }
}

function isStale({ reviewId, session, subject, facts, demands }: PendingTicket, parts: StaleTicketsParts): boolean {
  const { policies, clock } = parts
  const { searchPath } = subject.state
  const verdict = policies.judge(session, {
    type: subject.type,
    facts: facts === null ? null : { facts, key: reviewId },
    approvedBy: [],
    now: clock.now(),
    names: nameSpace(searchPath, null),
  })
  return verdict !== null && changeOf(recordedVerdict()(verdict, policies.version), demands) !== 'none'
}
