import type { Approval } from './event'
import type { ApprovalScope, HoldDemand } from './hold'

/** A vote as it counts: `groups` are the demanded groups that the voter was in. */
export interface CountedVote {
  readonly principal: Approval['principal']
  readonly decision: 'approve' | 'reject'
  readonly groups: readonly string[]
  readonly scope: ApprovalScope | null
}

/** Who approved, and for which groups that counts, in the order of the votes. */
export function approvalsIn(votes: readonly CountedVote[]): Approval[] {
  return votes.flatMap(({ decision, principal, groups }) => (decision === 'approve' ? { principal, groups } : []))
}

/** How many different humans approved for `group`. */
export function countApprovals(group: string, approvals: readonly Approval[]): number {
  return new Set(approvals.filter(({ groups }) => groups.includes(group)).map(({ principal }) => principal.id)).size
}

/** True when every demand has its quorum of different humans. */
export function demandsMet(demands: readonly HoldDemand[], approvals: readonly Approval[]): boolean {
  return demands.every(({ group, quorum }) => countApprovals(group, approvals) >= quorum)
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
