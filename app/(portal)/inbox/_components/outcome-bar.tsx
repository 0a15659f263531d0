import type { ReviewState } from '#lib/domain/review'
import { Button } from '#ui/button'
import { Icon, type IconName } from '#ui/icon'
import { State } from '#ui/state'
import { stateWords } from '../../../_components/reviews/review-state'
import { deciders, decisionWords } from './decision-words'
import type { ReviewView } from './review-view'

interface OutcomeBarProps {
  review: ReviewView
  state: ReviewState
  now: number
  /** Somebody else was first while the reader decided. */
  beaten: boolean
  /** The reader's own: they may take it back. */
  onTakeBack: () => void
}

/** Where the decision was: what became of it, or why it is not the reader's. */
export function OutcomeBar({ review, state, now, beaten, onTakeBack }: OutcomeBarProps) {
  const first = beaten ? deciders(review, state) : ''
  return (
    <div role="status" className="border-t bg-panel px-5 py-3 max-phone:px-4">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        {state === 'pending' ? (
          <>
            <Line icon="lock">{review.mine.kind === 'none' ? review.mine.reason : ''}</Line>
            {review.cancellable ? (
              <Button size="lg" className="ml-auto max-phone:w-full" onClick={onTakeBack}>
                Take it back
              </Button>
            ) : null}
          </>
        ) : (
          <>
            <State kind={stateWords(state).kind} icon={stateWords(state).icon} className="text-md font-medium">
              {stateWords(state).word}
            </State>
            <p className="min-w-0 flex-1 text-fg-2 [overflow-wrap:anywhere]">
              {first === '' ? '' : `${first} was first; your vote was not needed. `}
              {decisionWords(review, state, now)}
            </p>
          </>
        )}
      </div>
    </div>
  )
}

function Line({ icon, children }: { icon: IconName; children: string }) {
  return (
    <p className="flex items-start gap-2 text-fg-2">
      <Icon name={icon} className="mt-0.5 text-fg-3" />
      {children}
    </p>
  )
}
