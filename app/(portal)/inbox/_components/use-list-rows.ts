'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useReducer, useRef, useSyncExternalStore } from 'react'
import { type ListItem, startOf } from './list-items'

interface ListRows {
  readonly rows: readonly { readonly index: number; readonly item: ListItem }[]
  /** Pixels above and below them. */
  readonly before: number
  readonly after: number
  reveal(index: number): void
}

const PHONE = '(max-width: 47.5rem)'

/**
 * The rows in sight. The server draws the first screen, so that the list is there before its script is. Rows that come or go above
 * what the reader looks at do not move it.
 */
export function useListRows(items: readonly ListItem[], scroller: RefObject<HTMLElement | null>): ListRows {
  const [, again] = useReducer((times: number) => times + 1, 0)
  useEffect(() => again(), [])
  const device = usePhone() ? 'phone' : 'desktop'
  const virtualizer = useVirtualizer({
    count: items.length,
    estimateSize: (index) => startOf(items.slice(index, index + 1), 1, device),
    getItemKey: (index) => items[index]?.key ?? index,
    getScrollElement: () => scroller.current,
    overscan: 10,
    initialRect: { width: 328, height: 1_000 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights depend on the device and on what each place holds
  useEffect(() => {
    virtualizer.measure()
  }, [virtualizer, device, items])
  const shown = virtualizer.getVirtualItems()
  const last = shown.at(-1)
  useAnchor(items, scroller, device)
  return {
    rows: shown.flatMap(({ index }) => {
      const item = items[index]
      return item ? [{ index, item }] : []
    }),
    before: shown[0]?.start ?? 0,
    after: last ? Math.max(0, virtualizer.getTotalSize() - last.end) : 0,
    reveal: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }
}

type Device = Parameters<typeof startOf>[2]

/** Keeps the topmost row in sight where it is when the list changes above it. */
function useAnchor(items: readonly ListItem[], scroller: RefObject<HTMLElement | null>, device: Device): void {
  const before = useRef(items)
  useLayoutEffect(() => {
    const frame = scroller.current
    const was = before.current
    before.current = items
    if (!frame || frame.scrollTop === 0 || was === items) return
    const top = was.findIndex((_, index) => startOf(was, index + 1, device) > frame.scrollTop)
    const index = items.findIndex(({ key }) => key === was[top]?.key)
    if (index >= 0) frame.scrollTop += startOf(items, index, device) - startOf(was, top, device)
  }, [items, scroller, device])
}

function usePhone(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(PHONE)
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => window.matchMedia(PHONE).matches,
    () => false,
  )
}
