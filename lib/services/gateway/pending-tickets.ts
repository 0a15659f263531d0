import { and, eq, isNull, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database } from '../../db/client'
import { connections } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { reviews } from '../../db/schema/reviews'
import { sessions } from '../../db/schema/sessions'
import type { ReviewId } from '../../domain/ids'
import type { HoldDemand, ReviewSubject } from '../../domain/review'
import type { SqlFacts } from '../../domain/sql-facts'
import type { PolicySession } from '../../policy/request'
import { toPrincipal } from '../principals/to-principal'

/** A ticket that waits for approval, with all that its operation is judged by. */
export interface PendingTicket {
  readonly reviewId: ReviewId
  readonly session: PolicySession
  readonly subject: ReviewSubject
  readonly facts: SqlFacts | null
  readonly demands: readonly HoldDemand[]
}

const humans = alias(principals, 'humans')

/**
 * Tickets that older policies than `version` hold. Whoever asked and the connection are as they are now; one whose session is not in the
 * store yet is left out.
 */
export async function pendingTickets(db: Database, version: number): Promise<readonly PendingTicket[]> {
  const rows = await db
    .select({ review: reviews, principal: principals, human: humans, connection: connections, session: sessions })
    .from(reviews)
    .innerJoin(principals, eq(principals.id, reviews.principalId))
    .innerJoin(humans, eq(humans.id, reviews.humanId))
    .innerJoin(connections, and(eq(connections.id, reviews.connectionId), isNull(connections.deletedAt)))
    .innerJoin(sessions, eq(sessions.id, reviews.sessionId))
    .where(
      and(
        eq(reviews.state, 'pending'),
        eq(reviews.mode, 'ticket'),
        lt(reviews.policyVersion, version),
        sql`${reviews.expiresAt} > clock_timestamp()`,
      ),
    )
  return rows.map(({ review, principal, human, connection, session }) => ({
    reviewId: review.id,
    subject: JSON.parse(review.subject) as ReviewSubject,
    facts: review.facts,
    demands: review.demands,
    session: {
      principal: toPrincipal(principal),
      onBehalfOf: toPrincipal(human),
      connection: { name: connection.name, protocol: connection.protocol, tags: connection.tags },
      database: session.targetDatabase,
      targetUser: session.targetUser,
      client: { address: session.clientAddress, application: session.application },
      run: review.runId === null ? null : { id: review.runId, label: review.runLabel ?? '' },
    },
  }))
}
