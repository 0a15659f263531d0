'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useReducer } from 'react'

interface VirtualRows {
  /** Indices to render, in order. */
  readonly indices: readonly number[]
  /** Pixels above and below them, for spacer rows. */
  readonly before: number
  readonly after: number
  scrollTo(index: number): void
}

interface Options {
  count: number
  /** Pixels; the same for all rows. */
  rowHeight: number
  /** Pixels of sticky head above the rows. */
  headHeight: number
  scroller: RefObject<HTMLElement | null>
  /** Row that is in the middle when the list first shows. */
  startAt?: number | undefined
}

/** Renders only the rows in sight. The server renders the first screen, so that the page is there before its script is. */
export function useVirtualRows({ count, rowHeight, headHeight, scroller, startAt = 0 }: Options): VirtualRows {
  const [, again] = useReducer((times: number) => times + 1, 0)
  // The scroller is a parent: it is there only after the first effects have run.
  useEffect(() => again(), [])
  const virtualizer = useVirtualizer({
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => scroller.current,
    overscan: 12,
    initialRect: { width: 1_000, height: 900 },
    initialOffset: () => Math.max(0, (startAt - 3) * rowHeight),
    scrollPaddingStart: headHeight,
    paddingStart: headHeight,
  })
  const items = virtualizer.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  return {
    indices: items.map((item) => item.index),
    before: first ? first.start - headHeight : 0,
    after: last ? Math.max(0, virtualizer.getTotalSize() - last.end) : 0,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }
}
