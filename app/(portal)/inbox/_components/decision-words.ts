import type { ReviewState } from '#lib/domain/review'
import { clockTime } from '../../../_components/time'
import type { ReviewView } from './review-view'
import { scopeDone } from './scope-words'

type Decided = Pick<ReviewView, 'votes' | 'scope' | 'closeReason' | 'mode' | 'execution' | 'expiresAt'>

/** Who decided it; empty when nobody did. */
export function deciders({ votes }: Pick<ReviewView, 'votes'>, state: ReviewState): string {
  const verdict = state === 'rejected' ? 'reject' : 'approve'
  if (state !== 'rejected' && state !== 'approved') return ''
  return votes
    .filter(({ decision }) => decision === verdict)
    .map(({ voter }) => voter.name)
    .join(' and ')
}

/** What became of it by `now`, in a sentence or two. */
export function decisionWords(review: Decided, state: ReviewState, now: number): string {
  const by = deciders(review, state)
  switch (state) {
    case 'pending':
      return ''
    case 'approved':
      return `${by === '' ? '' : `By ${by}, `}${review.scope ? scopeDone(review.scope) : 'once'}.${unusedWords(review, now)}`
    case 'rejected':
      return `By ${by || 'an approver'}: ${review.votes.find(({ decision }) => decision === 'reject')?.reason ?? ''}`
    case 'expired':
      return `Nobody decided in time. ${review.mode === 'ticket' ? 'Nothing' : 'The client was told, and nothing'} was sent.`
    case 'cancelled':
      return `It no longer waits: ${review.closeReason ?? 'it was closed'}. Nothing was sent.`
  }
}

/** Whether an approval that nobody has used can be used still. */
export function isUsable({ execution, expiresAt }: Pick<Decided, 'execution' | 'expiresAt'>, now: number): boolean {
  return execution === null && now < Date.parse(expiresAt)
}

function unusedWords(review: Decided, now: number): string {
  if (review.mode === 'wait' || review.execution !== null) return ''
  if (!isUsable(review, now)) return ' The client did not send it again in time: nothing was sent.'
  return ` It runs when the client sends it again, until ${clockTime(review.expiresAt)}.`
}
