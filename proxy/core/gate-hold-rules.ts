import type { Denial } from '#lib/domain/denial'
import type { Approval } from '#lib/domain/event'
import type { HoldDemand } from '#lib/domain/hold'
import type { PrincipalId } from '#lib/domain/ids'
import { CLOSE_WORDS, type CloseReason } from '#lib/domain/review'
import type { ReviewOutcome, ReviewPlace } from './hold-ports'
import type { Verdict } from './ports'

/** What a verdict comes to. Whatever is not clearly something else is a deny. */
export function effectOf(verdict: Verdict): 'allow' | 'hold' | 'deny' {
  if (verdict.denial !== undefined) return 'deny'
  if (verdict.decision.effect === 'hold') return (verdict.demands ?? []).length > 0 ? 'hold' : 'deny'
  return verdict.decision.effect
}

/** What the client of a denied operation reads. */
export function denialOf({ decision: { policy, reason }, denial }: Verdict): Denial {
  return denial ?? { kind: 'denied', policy, reason }
}

/** What new policies mean for an operation that waits under `demands`. */
export function changeOf(
  verdict: Verdict,
  demands: readonly HoldDemand[],
): 'none' | 'allow' | 'deny' | 'other-demands' {
  const effect = effectOf(verdict)
  if (effect !== 'hold') return effect
  return sameDemands(verdict.demands ?? [], demands) ? 'none' : 'other-demands'
}

function sameDemands(some: readonly HoldDemand[], others: readonly HoldDemand[]): boolean {
  const keys = (demands: readonly HoldDemand[]) =>
    demands.map(({ policy, group, quorum }) => JSON.stringify([policy, group, quorum])).sort()
  return JSON.stringify(keys(some)) === JSON.stringify(keys(others))
}

/**
 * Groups whose demand is met. The store has counted already; here it is counted again, so that neither a single mistake there nor
 * an approval by `human`, who stands behind the requester, lets anything through.
 */
export function approvingGroups(
  demands: readonly HoldDemand[],
  approvals: readonly Approval[],
  human: PrincipalId,
): readonly string[] {
  const met = demands.filter(({ group, quorum }) => {
    const humans = approvals.filter(({ principal, groups }) => principal.id !== human && groups.includes(group))
    return new Set(humans.map(({ principal }) => principal.id)).size >= Math.max(1, quorum)
  })
  return [...new Set(met.map(({ group }) => group))].sort()
}

type Unapproved = Exclude<ReviewOutcome, { state: 'approved' }>

/** What the client reads of a review that did not end well. */
export function denialOfOutcome(outcome: Unapproved, { review }: ReviewPlace, policy: string): Denial {
  switch (outcome.state) {
    case 'rejected':
      return { kind: 'rejected', review, reason: outcome.reason }
    case 'expired':
      return { kind: 'expired', review }
    case 'cancelled':
      return { kind: 'denied', policy, reason: `its review was closed: ${outcome.reason}` }
  }
}

/** The verdict that such an end comes to. No policy set was asked for it. */
export function verdictOfOutcome(outcome: Unapproved, denial: Denial): Verdict {
  const reason = 'reason' in outcome ? outcome.reason : 'nobody decided in time'
  return { decision: { effect: 'deny', policy: 'review', reason }, denial }
}

/** What would be held, of which nothing runs yet. */
export function deferred({ decision, policies, alerts }: Verdict): Verdict {
  const { policy, reason } = decision
  return {
    decision: { effect: 'allow', policy, reason: `Nothing of it runs yet. What runs it is held: ${reason}` },
    ...(policies !== undefined && { policies }),
    ...(alerts && { alerts }),
  }
}

/** What must be approved where it cannot be: a deny, and why. */
export function unapprovable({ decision, policies, alerts }: Verdict, why: string): Verdict {
  const reason = `${decision.reason.replace(/\.$/, '')}; it must be approved, but ${why}`
  return {
    decision: { effect: 'deny', policy: decision.policy, reason },
    ...(policies !== undefined && { policies }),
    ...(alerts && { alerts }),
  }
}

/** What the client reads of what it gave up itself. */
export function givenUp(why: CloseReason): Denial {
  return { kind: 'denied', policy: 'sallyport', reason: CLOSE_WORDS[why] }
}
