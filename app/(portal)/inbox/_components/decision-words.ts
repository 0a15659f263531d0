import type { ReviewState } from '#lib/domain/review'
import type { ReviewView } from './review-view'
import { scopeDone } from './scope-words'

type Decided = Pick<ReviewView, 'votes' | 'scope' | 'closeReason' | 'mode' | 'execution'>

/** Who decided it; empty when nobody did. */
export function deciders({ votes }: Pick<ReviewView, 'votes'>, state: ReviewState): string {
  const verdict = state === 'rejected' ? 'reject' : 'approve'
  if (state !== 'rejected' && state !== 'approved') return ''
  return votes
    .filter(({ decision }) => decision === verdict)
    .map(({ voter }) => voter.name)
    .join(' and ')
}

/** What became of it, in a sentence or two. */
export function decisionWords(review: Decided, state: ReviewState): string {
  const by = deciders(review, state)
  switch (state) {
    case 'pending':
      return ''
    case 'approved':
      return `${by === '' ? '' : `By ${by}, `}${review.scope ? scopeDone(review.scope) : 'once'}.${waitsForResend(review) ? ' It runs when the client sends it again.' : ''}`
    case 'rejected':
      return `By ${by || 'an approver'}: ${review.votes.find(({ decision }) => decision === 'reject')?.reason ?? ''}`
    case 'expired':
      return 'Nobody decided in time. The client was told, and nothing was sent.'
    case 'cancelled':
      return `It no longer waits: ${review.closeReason ?? 'it was closed'}. Nothing was sent.`
  }
}

function waitsForResend({ mode, execution }: Decided): boolean {
  return mode === 'ticket' && execution === null
}
