import { may } from '../../domain/permissions'
import type { Actor } from '../../domain/principal'
import type { HoldDemand } from '../../domain/review'

/** What of a review decides who may vote on it. */
export interface Votable {
  /** Pending, and its time is not over. */
  readonly open: boolean
  readonly demands: readonly HoldDemand[]
  /** Who stands behind the requester: the human it asked for, whoever answers for it now, whoever minted its token. */
  readonly requesters: readonly string[]
  readonly voters: readonly string[]
}

/** Why somebody may not vote. */
export type VotingBar = 'requester' | 'not-permitted' | 'not-asked' | 'voted' | 'closed'

const WORDS: Readonly<Record<VotingBar, string>> = {
  requester: 'You stand behind this request: somebody else must decide about it.',
  'not-permitted': 'Only people with the role approver decide about reviews.',
  'not-asked': 'The policy asks for people of another group.',
  voted: 'You have voted on this already.',
  closed: 'This review is not open any more.',
}

export function barWords(bar: VotingBar): string {
  return WORDS[bar]
}

/** Why the actor may not vote on it; null when it may. Humans are compared, not how they got here. */
export function votingBar(actor: Actor, review: Votable): VotingBar | null {
  if (review.requesters.includes(actor.principal.id)) return 'requester'
  if (actor.principal.kind !== 'person' || !may(actor, 'reviews:decide')) return 'not-permitted'
  if (!review.demands.some(({ group }) => group === 'role:approver' || actor.principal.groups.includes(group)))
    return 'not-asked'
  if (review.voters.includes(actor.principal.id)) return 'voted'
  return review.open ? null : 'closed'
}
