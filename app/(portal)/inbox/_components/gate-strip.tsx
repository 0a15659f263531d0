import type { ReactNode } from 'react'
import type { ReviewState } from '#lib/domain/review'
import { Arch } from '#ui/arch'
import { Face } from '#ui/face'
import { cn } from '../../../_components/cn'
import { counted } from '../../../_components/numbers'
import { duration } from '../../../_components/time'
import { deciders, isUsable } from './decision-words'
import { approvalsOf, type ReviewView } from './review-view'

/** One command on its way: recorded, approved, sent. What is open was passed, what is barred was not. */
export function GateStrip({ review, state, now }: { review: ReviewView; state: ReviewState; now: number }) {
  const approved = state === 'approved'
  return (
    <div className="mx-5 rounded-2 border bg-panel px-4 py-3 max-phone:mx-4">
      <ol aria-label="Progress of this command" className="flex items-center gap-2 max-phone:gap-1.5">
        <Gate
          icon={<Arch kind="allowed" className={ARCH} />}
          name="Recorded"
          about={`operation ${review.session.op}, before anything else`}
        />
        <Way done />
        <Gate icon={<Approval state={state} />} {...approvalWords(review, state)} />
        <Way done={approved && review.execution !== null} />
        <Gate icon={<Face icon="db" />} name={review.connection.name} about={executionWords(review, state, now)} />
      </ol>
    </div>
  )
}

const ARCH = 'max-phone:h-5 max-phone:w-4'

function Approval({ state }: { state: ReviewState }) {
  if (state === 'approved') return <Arch kind="allowed" className={ARCH} />
  const kind = state === 'pending' ? 'held' : state === 'rejected' ? 'denied' : 'plain'
  return <Arch kind={kind} barred className={ARCH} />
}

function Gate({ icon, name, about }: { icon: ReactNode; name: string; about: string }) {
  return (
    <li className="flex min-w-0 items-center gap-2.5 leading-[1.3] max-phone:gap-1.5 max-phone:text-sm">
      {icon}
      <span className="min-w-0">
        <b className="block truncate font-medium">{name}</b>
        <span className="block text-sm text-fg-3 max-phone:hidden">{about}</span>
      </span>
    </li>
  )
}

function Way({ done }: { done: boolean }) {
  return (
    <li
      aria-hidden="true"
      className={cn(
        'is-allowed h-0 min-w-3 flex-1 border-t-[1.5px]',
        done ? 'border-state-mark' : 'border-dashed border-line-control',
      )}
    />
  )
}

function approvalWords(review: ReviewView, state: ReviewState): { name: string; about: string } {
  const { got, needed } = approvalsOf(review)
  const by = deciders(review, state)
  switch (state) {
    case 'pending':
      return {
        name: needed === 1 ? 'Approval' : `Approval ${got} of ${needed}`,
        about: `${needed - got === 1 ? 'one' : needed - got} more, not ${review.human.name}`,
      }
    case 'approved':
      return { name: needed === 1 ? 'Approved' : `Approved ${got} of ${needed}`, about: by || 'by all it needed' }
    case 'rejected':
      return { name: 'Rejected', about: by || 'by an approver' }
    case 'expired':
      return { name: 'Expired', about: 'nobody decided in time' }
    case 'cancelled':
      return { name: 'Withdrawn', about: 'it no longer waits' }
  }
}

function executionWords(review: ReviewView, state: ReviewState, now: number): string {
  const { execution } = review
  if (execution === null) return unsentWords(review, state, now)
  switch (execution.status) {
    case null:
      return 'sent, running'
    case 'ok':
    case 'suspended':
      return [
        counted(execution.rows ?? 0, 'row'),
        execution.durationUs === null ? null : `in ${duration(execution.durationUs)}`,
      ]
        .filter(Boolean)
        .join(' ')
    case 'error':
      return 'sent, the target answered with an error'
    case 'unknown':
      return 'sent, no answer; not sent again'
    case 'cancelled':
      return 'sent, then cancelled by the client'
    default:
      return 'never sent'
  }
}

function unsentWords(review: ReviewView, state: ReviewState, now: number): string {
  if (state === 'pending') return 'nothing sent yet'
  if (state !== 'approved' || !isUsable(review, now)) return 'never sent'
  return review.mode === 'ticket' ? 'when the client sends it again' : 'nothing sent yet'
}
