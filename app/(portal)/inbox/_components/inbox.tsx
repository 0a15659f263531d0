'use client'
import { useRouter } from 'next/navigation'
import { createSerializer } from 'nuqs'
import { type ReactNode, useEffect, useMemo } from 'react'
import { Kbd } from '#ui/kbd'
import { useNow } from '#ui/relative-time'
import { cn } from '../../../_components/cn'
import { useReviewSignal } from '../../../_components/reviews/review-watch'
import { InboxHead } from './inbox-head'
import { type InboxParams, inboxParams } from './inbox-params'
import { listItems } from './list-items'
import { NoReviews } from './no-reviews'
import { ReviewList } from './review-list'
import { ReviewPanel } from './review-panel'
import type { ReviewRow, ReviewsPage, ReviewView } from './review-view'
import { useInboxKeys } from './use-inbox-keys'
import { useReviewRows } from './use-review-rows'

const serialize = createSerializer(inboxParams)
const WIDE = '(min-width: 47.5625rem)'
interface InboxProps {
  params: InboxParams
  page: ReviewsPage
  /** The one that is open; null when none is. */
  review: ReviewView | null
  /** Something was held before. */
  ever: boolean
  mayDecide: boolean
  /** Names for the filter. */
  connections: readonly string[]
  now: number
  /** Stands in the place of the open review. */
  children: ReactNode
}

/** What waits for a decision, beside the one that is open; on a phone one or the other. */
export function Inbox({ params, page, review, ever, mayDecide, connections, now, children }: InboxProps) {
  const router = useRouter()
  useReviewSignal(() => router.refresh())
  const current = useNow(now)
  const list = useReviewRows(page, JSON.stringify({ ...params, open: null }))
  const heading = params.tab === 'open' ? 'Decided in the last hour' : 'Decided'
  const items = useMemo(
    () => listItems({ pending: page.pending, decided: list.decided, heading }, current),
    [page.pending, list.decided, heading, current],
  )
  const hrefOf = (id: string | null) => `/inbox${serialize({ ...params, open: id })}`
  const ids = items.flatMap((item) => (item.kind === 'row' ? [item.row.id] : []))
  const byKey = useInboxKeys(ids, params.open, hrefOf)
  useFirstOpen(params, page.pending, hrefOf)
  const opened = params.open !== null
  return (
    <div className="grid h-full min-h-0 grid-cols-[20.5rem_minmax(0,1fr)] grid-rows-[minmax(0,1fr)] max-desk:grid-cols-[17rem_minmax(0,1fr)] max-phone:grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Inbox</h1>
      <div className={cn('grid min-h-0 min-w-0 grid-rows-[auto_minmax(0,1fr)_auto]', opened && 'max-phone:hidden')}>
        <InboxHead
          params={params}
          waiting={page.pending.length}
          connections={connections}
          tabHref={(tab) => `/inbox${serialize({ tab })}`}
        />
        <ReviewList
          items={items}
          open={params.open}
          now={current}
          hrefOf={hrefOf}
          onEnd={list.more}
          failed={list.failed}
        >
          {items.length === 0 ? <NoReviews params={params} ever={ever} mayDecide={mayDecide} /> : null}
        </ReviewList>
        <KeyHints />
      </div>
      {review ? (
        <ReviewPanel key={review.id} review={review} now={now} takeFocus={byKey} />
      ) : (
        <div className={cn('min-h-0 border-l max-phone:border-l-0', !opened && 'max-phone:hidden')}>{children}</div>
      )}
    </div>
  )
}

/** On a wide screen the most urgent one is open as soon as there is one; what the reader has open never changes by itself. */
function useFirstOpen(params: InboxParams, pending: readonly ReviewRow[], hrefOf: (id: string) => string): void {
  const router = useRouter()
  const first = pending.find(({ forMe }) => forMe) ?? pending[0]
  const href = params.tab === 'open' && params.open === null && first ? hrefOf(first.id) : null
  useEffect(() => {
    if (href !== null && window.matchMedia(WIDE).matches) router.replace(href, { scroll: false })
  }, [href, router])
}

function KeyHints() {
  return (
    <div
      aria-hidden="true"
      className="flex gap-3 overflow-hidden border-t bg-panel px-4 py-2 text-xs whitespace-nowrap text-fg-3 max-phone:hidden [&>span]:inline-flex [&>span]:items-center [&>span]:gap-[3px]"
    >
      <span>
        <Kbd>J</Kbd>
        <Kbd>K</Kbd> next, previous
      </span>
      <span>
        <Kbd>A</Kbd> decide
      </span>
      <span>
        <Kbd>R</Kbd> reject
      </span>
      <span>
        <Kbd>?</Kbd> all
      </span>
    </div>
  )
}
