import type { ReviewState } from '#lib/domain/review'
import { Exact } from '#ui/code'
import { CopyId } from '#ui/copy'
import { RelativeTime } from '#ui/relative-time'
import { Chip } from '#ui/state'
import { factHeadline } from '../../../_components/fact-words'
import { stateWords } from '../../../_components/reviews/review-state'
import { age } from '../../../_components/time'
import { Countdown } from './countdown'
import type { ReviewView } from './review-view'

interface ReviewHeadProps {
  review: ReviewView
  state: ReviewState
  now: number
}

/** How it stands, what it would do, and who wants it. */
export function ReviewHead({ review, state, now }: ReviewHeadProps) {
  const { kind, icon, word } = stateWords(state)
  return (
    <header className="px-5 py-4 max-phone:px-4 max-phone:py-3">
      <div className="flex flex-wrap items-center gap-2">
        <Chip kind={kind} icon={icon}>
          {word}
        </Chip>
        <CopyId id={review.id} className="max-phone:hidden" />
        {state === 'pending' ? (
          <Countdown openedAt={review.openedAt} expiresAt={review.expiresAt} now={now} />
        ) : (
          <span className="ml-auto text-sm text-fg-2">
            <RelativeTime at={review.decidedAt ?? review.expiresAt} now={now} />
          </span>
        )}
      </div>
      <h2 className="mt-1.5 mb-0.5 text-xl leading-[1.3] font-strong tracking-[-0.012em] [overflow-wrap:anywhere] max-phone:text-[1.0625rem]">
        <Exact text={factHeadline(review.facts, review.estimate?.rows ?? null)} /> on {review.connection.name}
      </h2>
      <p className="text-fg-2">
        <Asker review={review} /> {waitingWords(review, state, now)}
      </p>
    </header>
  )
}

function Asker({ review: { principal, human } }: { review: ReviewView }) {
  const name = <span className="font-medium text-fg">{principal.name}</span>
  if (principal.kind === 'person') return <>{name} asks.</>
  return (
    <>
      {name} asks on behalf of <span className="font-medium text-fg">{human.name}</span>.
    </>
  )
}

function waitingWords(review: ReviewView, state: ReviewState, now: number): string {
  if (state !== 'pending') return ''
  if (review.mode === 'ticket') return 'The client was told to send it again once it is approved.'
  return `The client has been waiting ${age(now - Date.parse(review.openedAt))}.`
}
