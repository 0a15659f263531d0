import Link from 'next/link'
import { Exact } from '#ui/code'
import { Icon } from '#ui/icon'
import { State } from '#ui/state'
import { cn } from '../../../_components/cn'
import { stateAt, stateWords } from '../../../_components/reviews/review-state'
import { exactTime, relativeTime } from '../../../_components/time'
import { isSoon, timeLeft } from '../../../_components/time-left'
import { Quorum } from './quorum'
import type { ReviewRow } from './review-view'

interface ReviewEntryProps {
  row: ReviewRow
  href: string
  open: boolean
  now: number
}

/** One review in the list: what it would do, who wants it, how long it still waits or how it ended. */
export function ReviewEntry({ row, href, open, now }: ReviewEntryProps) {
  const state = stateAt(row, now)
  const waits = state === 'pending'
  return (
    <Link
      href={href}
      scroll={false}
      prefetch={false}
      data-review-entry={row.id}
      aria-current={open ? 'true' : undefined}
      className="focus-inset flex h-14 items-center gap-2.5 border-b px-4 leading-[1.4] transition-colors hover:bg-hover aria-[current]:bg-selected aria-[current]:shadow-[inset_2px_0_0_var(--accent)] max-phone:h-16"
    >
      <Icon name="db" className="mb-auto mt-3 text-fg-3 max-phone:mt-4" />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <b className={cn('min-w-0 flex-1 truncate', waits ? 'font-medium' : 'font-normal text-fg-2')}>
            <Exact text={row.title} />
          </b>
          {waits ? <Left expiresAt={row.expiresAt} now={now} /> : <Ago row={row} now={now} />}
        </span>
        <span className="flex items-center gap-2 text-sm text-fg-2">
          <span className="min-w-0 flex-1 truncate">
            {row.principal} <span className="text-fg-3">on</span> {row.connection}
          </span>
          {waits ? <Quorum {...row.approvals} /> : <Ended state={state} />}
        </span>
      </span>
    </Link>
  )
}

function Left({ expiresAt, now }: { expiresAt: string; now: number }) {
  const left = Date.parse(expiresAt) - now
  if (!isSoon(left)) return <span className="text-sm text-fg-2">{timeLeft(left)}</span>
  return (
    <span className="is-held inline-flex items-center gap-1 text-sm font-medium text-state">
      <Icon name="clock" size="state" />
      {timeLeft(left)}
    </span>
  )
}

function Ago({ row, now }: { row: ReviewRow; now: number }) {
  const at = row.decidedAt ?? row.expiresAt
  return (
    <time dateTime={at} title={exactTime(at)} className="text-sm text-fg-3">
      {relativeTime(Date.parse(at), now)}
    </time>
  )
}

function Ended({ state }: { state: ReviewRow['state'] }) {
  const { kind, icon, word } = stateWords(state)
  return (
    <State kind={kind} icon={icon}>
      {word}
    </State>
  )
}
