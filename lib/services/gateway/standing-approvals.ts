import { and, eq, exists, inArray, isNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { principals, roleGroups } from '../../db/schema/principals'
import { reviews } from '../../db/schema/reviews'
import type { Approval } from '../../domain/event'
import type { ReviewId } from '../../domain/ids'

/**
 * Of the approvals of a review those that still stand: of people who are not disabled, still approvers, still in the group that the
 * approval is for, and do not stand behind the request by now.
 */
export async function standingApprovals(
  db: Database,
  review: ReviewId,
  approvals: readonly Approval[],
): Promise<readonly Approval[]> {
  if (approvals.length === 0) return []
  const approver = db
    .select({ one: sql`1` })
    .from(roleGroups)
    .where(and(eq(roleGroups.role, 'approver'), sql`${roleGroups.group} = any(${principals.groups})`))
  const ids = approvals.map(({ principal }) => principal.id)
  const people = await db
    .select({ id: principals.id, groups: principals.groups })
    .from(principals)
    .innerJoin(reviews, eq(reviews.id, review))
    .where(
      and(
        inArray(principals.id, ids),
        eq(principals.kind, 'person'),
        isNull(principals.disabledAt),
        exists(approver),
        sql`not ${principals.id} = any(requesters_of(${reviews}))`,
      ),
    )
  return approvals.flatMap(({ principal, groups }) => {
    const person = people.find(({ id }) => id === principal.id)
    const standing = groups.filter((group) => group === 'role:approver' || person?.groups.includes(group))
    return person === undefined || standing.length === 0 ? [] : { principal, groups: standing }
  })
}
