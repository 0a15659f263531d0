import { and, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import { connections } from '../../db/schema/connections'
import { grants } from '../../db/schema/grants'
import { principals, runs } from '../../db/schema/principals'
import { reviews } from '../../db/schema/reviews'
import { may } from '../../domain/permissions'
import type { Context } from '../context'

/** A grant is in force by the store's clock, and as long as the connection is what was approved. */
export const inForce = and(
  isNull(grants.revokedAt),
  gt(grants.expiresAt, sql`clock_timestamp()`),
  eq(connections.version, grants.connectionVersion),
  isNull(connections.deletedAt),
)

/** Grants that the actor may see, with the names of what they are about. */
export function selectGrants(ctx: Context, where: SQL | undefined, limit: number) {
  const visible = may(ctx.actor, 'reviews:read') ? undefined : eq(grants.humanId, ctx.actor.principal.id)
  return ctx.db
    .select({
      grant: grants,
      principal: { id: principals.id, name: principals.name, kind: principals.kind },
      connectionName: connections.name,
      runLabel: runs.label,
      humanName: reviews.humanName,
      subject: reviews.subject,
      facts: reviews.facts,
      active: sql<boolean>`coalesce(${inForce}, false)`,
    })
    .from(grants)
    .innerJoin(reviews, eq(reviews.id, grants.reviewId))
    .innerJoin(principals, eq(principals.id, grants.principalId))
    .innerJoin(connections, eq(connections.id, grants.connectionId))
    .leftJoin(runs, eq(runs.id, grants.runId))
    .where(and(visible, where))
    .orderBy(desc(grants.id))
    .limit(limit)
}

export type GrantRow = Awaited<ReturnType<typeof selectGrants>>[number]
