'use client'
import { type ReactNode, useEffect, useRef } from 'react'
import { Callout } from '#ui/callout'
import type { ListItem } from './list-items'
import { ReviewEntry } from './review-entry'
import { useListRows } from './use-list-rows'

interface ReviewListProps {
  items: readonly ListItem[]
  open: string | null
  now: number
  hrefOf: (id: string) => string
  /** Reads on when the end comes near; null when there is no more. */
  onEnd: (() => void) | null
  failed: boolean
  /** What stands there when there are no rows. */
  children: ReactNode
}

/** The list beside the open review. Only what is in sight is drawn. */
export function ReviewList({ items, open, now, hrefOf, onEnd, failed, children }: ReviewListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, before, after, reveal } = useListRows(items, scroller)
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 20) onEnd?.()
  }, [last, items.length, onEnd])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is opened comes into view once; the list moves under it freely
  useEffect(() => {
    const index = items.findIndex((item) => item.kind === 'row' && item.row.id === open)
    if (index >= 0) reveal(index)
  }, [open])
  return (
    <div ref={scroller} className="min-h-0 overflow-auto">
      <Gap height={before} />
      <ul aria-label="Reviews">
        {rows.map(({ index, item }) =>
          item.kind === 'heading' ? (
            <li key={item.text} className="flex h-9 items-end px-4 pb-1.5 text-xs font-medium text-fg-3">
              {item.text}
            </li>
          ) : (
            <li key={item.row.id} aria-setsize={items.length} aria-posinset={index + 1}>
              <ReviewEntry row={item.row} href={hrefOf(item.row.id)} open={item.row.id === open} now={now} />
            </li>
          ),
        )}
      </ul>
      <Gap height={after} />
      {children}
      {failed ? (
        <Callout kind="denied" title="The next ones could not be read." className="m-4">
          What is above stays. Scroll again to retry.
        </Callout>
      ) : null}
    </div>
  )
}

function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  return <svg width="1" height={height} className="block" aria-hidden="true" />
}
