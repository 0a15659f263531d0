import type { ReviewState } from '#lib/domain/review'
import type { IconName } from '#ui/icon'
import type { StateKind } from '#ui/state'

interface StateWords {
  readonly kind: StateKind
  readonly icon: IconName
  readonly word: string
}

const WORDS: Readonly<Record<ReviewState, StateWords>> = {
  pending: { kind: 'held', icon: 'held', word: 'Held' },
  approved: { kind: 'allowed', icon: 'check', word: 'Approved' },
  rejected: { kind: 'denied', icon: 'denied', word: 'Rejected' },
  expired: { kind: 'plain', icon: 'clock', word: 'Expired' },
  cancelled: { kind: 'plain', icon: 'x', word: 'Withdrawn' },
}

export const stateWords = (state: ReviewState): StateWords => WORDS[state]

/** How a review stands at `now`: one whose time is over is expired, whether the store has said so yet or not. */
export function stateAt(review: { readonly state: ReviewState; readonly expiresAt: string }, now: number): ReviewState {
  return review.state === 'pending' && Date.parse(review.expiresAt) <= now ? 'expired' : review.state
}
