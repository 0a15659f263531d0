import { and, desc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { grants } from '../../db/schema/grants'
import type { Approval } from '../../domain/event'
import type { GrantId, ReviewId } from '../../domain/ids'
import { demandsMet, narrowestScope } from '../../domain/quorum'
import type { ApprovalScope, HoldDemand, ReviewSubject } from '../../domain/review'
import { readVotes } from '../reviews/votes'
import { standingApprovals } from './standing-approvals'

export interface TakenGrant {
  readonly grantId: GrantId
  readonly reviewId: ReviewId
  readonly approvals: readonly Approval[]
  /** How far those who approved meant it to reach. */
  readonly scope: ApprovalScope
}

/**
 * Finds a grant that lifts every policy that holds this operation, with the quorums they demand now, and counts its use. A grant that
 * is revoked meanwhile is not found: its row is locked.
 */
export async function takeGrant(
  db: Database,
  { subject, demands }: { readonly subject: ReviewSubject; readonly demands: readonly HoldDemand[] },
  shapeDigest: Uint8Array,
): Promise<TakenGrant | null> {
  const found = await db
    .select({ grantId: grants.id, reviewId: grants.reviewId, policies: grants.policies, approvals: grants.approvals })
    .from(grants)
    .where(
      and(
        eq(grants.principalId, subject.principal),
        eq(grants.humanId, subject.human),
        eq(grants.connectionId, subject.connection.id),
        eq(grants.connectionVersion, subject.connection.version),
        eq(grants.shapeDigest, shapeDigest),
        or(isNull(grants.runId), subject.run === null ? undefined : eq(grants.runId, subject.run)),
        isNull(grants.revokedAt),
        sql`${grants.expiresAt} > clock_timestamp()`,
      ),
    )
    .orderBy(desc(grants.expiresAt))
    .for('update')
  const fit = await firstThatLifts(db, found, demands)
  if (fit === undefined) return null
  await db
    .update(grants)
    .set({ uses: sql`${grants.uses} + 1`, lastUsedAt: sql`clock_timestamp()` })
    .where(eq(grants.id, fit.grantId))
  const { grantId, reviewId, approvals } = fit
  const scope = narrowestScope(await readVotes(db, [reviewId])) ?? { kind: 'once' }
  return { grantId, reviewId, approvals, scope }
}

type FoundGrant = Pick<TakenGrant, 'grantId' | 'reviewId' | 'approvals'> & { readonly policies: readonly string[] }

/** By what still stands of the approvals: a grant is worth no more than the people who gave it. */
async function firstThatLifts(
  db: Database,
  found: readonly FoundGrant[],
  demands: readonly HoldDemand[],
): Promise<Omit<FoundGrant, 'policies'> | undefined> {
  for (const { grantId, reviewId, policies, approvals } of found) {
    if (!demands.every(({ policy }) => policies.includes(policy))) continue
    const standing = await standingApprovals(db, reviewId, approvals)
    if (demandsMet(demands, standing)) return { grantId, reviewId, approvals: standing }
  }
  return undefined
}
