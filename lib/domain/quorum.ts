import type { PrincipalId } from './ids'
import type { ApprovalScope, GroupApproval, HoldDemand } from './review'

/** A vote as it counts: `groups` are the demanded groups that the voter was in. */
export interface CountedVote {
  readonly voter: { readonly id: PrincipalId; readonly name: string }
  readonly decision: 'approve' | 'reject'
  readonly groups: readonly string[]
  readonly scope: ApprovalScope | null
}

/** Who approved for each demanded group, groups in order. */
export function approvalsByGroup(demands: readonly HoldDemand[], votes: readonly CountedVote[]): GroupApproval[] {
  return [...new Set(demands.map(({ group }) => group))].sort().map((group) => ({
    group,
    humans: votes
      .filter(({ decision, groups }) => decision === 'approve' && groups.includes(group))
      .map(({ voter }) => voter),
  }))
}

/** True when every demand has its quorum of different humans. */
export function demandsMet(demands: readonly HoldDemand[], approvals: readonly GroupApproval[]): boolean {
  return demands.every(({ group, quorum }) => {
    const humans = approvals.find((approval) => approval.group === group)?.humans ?? []
    return new Set(humans.map(({ id }) => id)).size >= quorum
  })
}

/** What all voters meant at least: once, if one of them did; else the fewest minutes; else the run. null without a vote. */
export function narrowestScope(votes: readonly CountedVote[]): ApprovalScope | null {
  const scopes = votes.flatMap(({ scope }) => scope ?? [])
  const once = scopes.find(({ kind }) => kind === 'once')
  if (once !== undefined) return once
  const minutes = scopes.flatMap((scope) => (scope.kind === 'minutes' ? scope.minutes : []))
  if (minutes.length > 0) return { kind: 'minutes', minutes: Math.min(...minutes) }
  return scopes[0] ?? null
}
