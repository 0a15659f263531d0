'use client'
import { type Ref, useEffect, useState } from 'react'
import type { ApprovalScope } from '#lib/domain/hold'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Select } from '#ui/input'
import { Segmented } from '#ui/segmented'
import { counted } from '../../../_components/numbers'
import { SubmitKeys } from '../../../_components/submit-keys'
import type { ReviewView } from './review-view'
import { approveWords, minuteChoices, minutesWords, scopeChoices, scopeMeans } from './scope-words'
import type { Reading } from './use-reading'

interface ActBarProps {
  review: ReviewView
  reading: Reading
  busy: boolean
  /** Why the last try did nothing. */
  failure: string | null
  approveRef: Ref<HTMLButtonElement>
  onApprove: (scope: ApprovalScope) => void
  onReject: () => void
  scope: ApprovalScope
  onScope: (scope: ApprovalScope) => void
}

/** After the last thing to read was read the button rests a moment: a click that was meant for something else decides nothing. */
const REST_MS = 500

/** The decision, always in reach: how far it goes, no, yes. */
export function ActBar(props: ActBarProps) {
  const { review, reading, busy, failure, scope, onScope } = props
  const ready = useRested(reading.done)
  return (
    <div className="border-t bg-panel px-5 py-3 max-phone:px-4 max-phone:pb-[calc(var(--s-5)+env(safe-area-inset-bottom))] max-phone:shadow-3">
      {failure ? (
        <Callout kind="denied" title="Nothing was decided." className="mb-2">
          {failure}
        </Callout>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Scope review={review} scope={scope} onScope={onScope} />
        <p className="min-w-40 flex-1 text-sm leading-[1.35] text-fg-2 max-phone:hidden">{scopeMeans(review, scope)}</p>
        <div className="ml-auto flex items-center gap-3 max-phone:grid max-phone:w-full max-phone:grid-cols-[1fr_1.6fr] max-phone:gap-2">
          <Button look="danger" size="lg" className={TOUCH} disabled={busy} onClick={props.onReject}>
            <span className="max-phone:hidden">Reject with reason</span>
            <span className="phone:hidden">Reject</span>
          </Button>
          <Approve {...props} ready={ready} />
        </div>
      </div>
    </div>
  )
}

const TOUCH = 'max-phone:h-(--control-touch) max-phone:px-1'

function Approve({ reading, busy, approveRef, onApprove, scope, ready }: ActBarProps & { ready: boolean }) {
  if (!reading.done)
    return (
      <Button size="lg" className={TOUCH} disabled>
        {leftWords(reading)}
      </Button>
    )
  return (
    <Button
      ref={approveRef}
      look="primary"
      size="lg"
      className={TOUCH}
      disabled={busy || !ready}
      onClick={() => onApprove(scope)}
    >
      {busy ? 'Approving…' : approveWords(scope)}
      <SubmitKeys />
    </Button>
  )
}

function leftWords({ seen, all, material }: Reading): string {
  if (seen < all) return all === 1 ? 'Read the rest to approve' : `Read ${counted(all - seen, 'more line')} to approve`
  return material.flags.length === 1 ? 'Tick the flagged character' : 'Tick the flagged characters'
}

function Scope({ review, scope, onScope }: Pick<ActBarProps, 'review' | 'scope' | 'onScope'>) {
  const choices = minuteChoices(review.limits)
  const usual = choices[1] ?? review.limits.grantMinutes
  const choose = (kind: ApprovalScope['kind']) => onScope(kind === 'minutes' ? { kind, minutes: usual } : { kind })
  return (
    <div className="flex items-center gap-2 max-phone:w-full">
      <Segmented
        label="How far the approval goes"
        className="max-phone:flex-1 [&>button]:h-8"
        choices={scopeChoices(review)}
        value={scope.kind}
        onChange={choose}
      />
      {scope.kind === 'minutes' ? (
        <Select
          aria-label="For how long"
          quiet
          className="[&>select]:h-9"
          value={String(scope.minutes)}
          onChange={(event) => onScope({ kind: 'minutes', minutes: Number(event.target.value) })}
        >
          {choices.map((one) => (
            <option key={one} value={one}>
              {minutesWords(one)}
            </option>
          ))}
        </Select>
      ) : null}
    </div>
  )
}

/** Also what is read in full as soon as it shows rests: somebody may be about to click what stood there before. */
function useRested(done: boolean): boolean {
  const [rested, setRested] = useState(false)
  useEffect(() => {
    setRested(false)
    if (!done) return
    const timer = setTimeout(() => setRested(true), REST_MS)
    return () => clearTimeout(timer)
  }, [done])
  return rested
}
