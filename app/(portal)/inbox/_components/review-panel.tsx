'use client'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState, useTransition } from 'react'
import type { ApprovalScope } from '#lib/domain/hold'
import { ConfirmDialog } from '#ui/dialog'
import { useNow } from '#ui/relative-time'
import { Section } from '#ui/section'
import { Chip } from '#ui/state'
import { stateAt } from '../../../_components/reviews/review-state'
import { useShortcut } from '../../../_components/shell/shortcuts'
import { useLive } from '../../../_components/use-live'
import { approveHere, rejectHere, takeBack } from '../actions'
import { ActBar } from './act-bar'
import { FactCells } from './fact-cells'
import { GateStrip } from './gate-strip'
import { OutcomeBar } from './outcome-bar'
import { RejectDialog } from './reject-dialog'
import { ReviewAside } from './review-aside'
import { ReviewHead } from './review-head'
import { ReviewText } from './review-text'
import type { ReviewView } from './review-view'
import { useReading } from './use-reading'

interface ReviewPanelProps {
  review: ReviewView
  now: number
  /** Set when it was opened by key. */
  takeFocus: RefObject<boolean>
}

/** One review: summary first, then every byte, then the decision. */
export function ReviewPanel({ review, now, takeFocus }: ReviewPanelProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const approveButton = useRef<HTMLButtonElement>(null)
  const current = useNow(now)
  const state = stateAt(review, current)
  const deciding = state === 'pending' && review.mine.kind === 'decide'
  const reading = useReading(review, scroller)
  const decision = useDecision(review)
  const [scope, setScope] = useState<ApprovalScope>({ kind: 'once' })
  const [rejecting, setRejecting] = useState(false)
  const [takingBack, setTakingBack] = useState(false)
  // What became of it stands in its session's record, of which reviews are not told.
  useLive(review.execution?.status === null ? 'sessions' : null, 1_000)
  useEffect(() => {
    if (takeFocus.current) scroller.current?.focus({ preventScroll: true })
    takeFocus.current = false
  }, [takeFocus])
  const toApproval = () => {
    if (!deciding) return
    if (reading.done) approveButton.current?.focus()
    else reading.showNext()
  }
  useShortcut({ keys: 'a', does: 'Read on, then go to Approve', group: 'This page', run: toApproval })
  useShortcut({
    keys: 'r',
    does: 'Reject with a reason',
    group: 'This page',
    run: () => deciding && setRejecting(true),
  })
  return (
    <section
      aria-label="Open review"
      onKeyDown={approveKeys(approveButton)}
      className="grid min-h-0 min-w-0 grid-rows-[minmax(0,1fr)_auto] phone:border-l"
    >
      <div ref={scroller} data-review tabIndex={-1} className="focus-inset flex min-h-0 flex-col overflow-auto">
        <ReviewHead review={review} state={state} now={current} />
        <GateStrip review={review} state={state} now={current} />
        <div className="mt-4 grid flex-1 grid-cols-[minmax(0,1fr)_17rem] border-t max-[73.75rem]:grid-cols-[minmax(0,1fr)]">
          <div className="min-w-0">
            <section className="px-5 py-4 max-phone:px-4">
              <h2 className="sr-only">Summary</h2>
              <FactCells facts={review.facts} estimate={review.estimate} />
            </section>
            <ReviewText review={review} material={reading.material} reading={deciding ? reading : null} />
            {review.said === null ? null : <Words words={review.said} />}
          </div>
          <ReviewAside review={review} now={now} />
        </div>
      </div>
      {deciding ? (
        <ActBar
          review={review}
          reading={reading}
          busy={decision.busy}
          failure={decision.failure}
          approveRef={approveButton}
          scope={scope}
          onScope={setScope}
          onApprove={decision.approve}
          onReject={() => setRejecting(true)}
        />
      ) : (
        <OutcomeBar
          review={review}
          state={state}
          now={current}
          beaten={decision.beaten}
          onTakeBack={() => setTakingBack(true)}
        />
      )}
      <RejectDialog
        open={rejecting && deciding}
        onOpenChange={setRejecting}
        reader={review.principal.name}
        maxBytes={review.limits.reasonBytes}
        onReject={decision.reject}
      />
      <ConfirmDialog
        open={takingBack}
        onOpenChange={setTakingBack}
        title="Take this request back?"
        about={`${review.principal.name} is told that it was withdrawn. Nothing is sent.`}
        confirm="Take it back"
        danger
        action={decision.takeBack}
      />
    </section>
  )
}

/** ⌘Enter or Ctrl Enter; a button that is not ready does not answer. */
function approveKeys(button: RefObject<HTMLButtonElement | null>) {
  return (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return
    event.preventDefault()
    button.current?.click()
  }
}

function Words({ words }: { words: string }) {
  return (
    <Section
      title={
        <span className="flex items-center gap-2">
          What the requester says
          <Chip kind="plain" icon="help">
            Unverified
          </Chip>
        </span>
      }
    >
      <p className="rounded-2 border border-dashed border-line-control px-3 py-2 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
        {words}
      </p>
    </Section>
  )
}

interface Decision {
  readonly busy: boolean
  readonly failure: string | null
  /** Somebody else decided while this reader was about to. */
  readonly beaten: boolean
  approve(scope: ApprovalScope): void
  reject(reason: string): Promise<string | undefined>
  takeBack(): Promise<{ error?: string } | undefined>
}

function useDecision(review: ReviewView): Decision {
  const router = useRouter()
  const [busy, start] = useTransition()
  const [failure, setFailure] = useState<string | null>(null)
  const [beaten, setBeaten] = useState(false)
  useEffect(() => {
    // What failed for one state of the review says nothing about the next.
    if (review.state !== 'pending') setFailure(null)
  }, [review.state])
  const settle = (result: Awaited<ReturnType<typeof approveHere>>): string | undefined => {
    router.refresh()
    if (result.ok) return undefined
    if (result.code === 'conflict') setBeaten(true)
    else setFailure(result.message)
    return result.message
  }
  return {
    busy,
    failure,
    beaten,
    approve: (scope) =>
      start(async () => {
        settle(await approveHere(review.id, scope))
      }),
    reject: async (reason) => settle(await rejectHere(review.id, reason)),
    takeBack: async () => {
      const error = settle(await takeBack(review.id))
      return error === undefined ? undefined : { error }
    },
  }
}
