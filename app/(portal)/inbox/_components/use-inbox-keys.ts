'use client'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import { useShortcut } from '../../../_components/shell/shortcuts'

/**
 * `j` and `k` open the next and the previous review, `o` goes into the text of the open one. Gives whether the last move was by key:
 * then the review that opens takes the focus.
 */
export function useInboxKeys(ids: readonly string[], open: string | null, hrefOf: (id: string) => string) {
  const router = useRouter()
  const byKey = useRef(false)
  const go = (id: string | undefined) => {
    if (id === undefined) return
    byKey.current = true
    if (open === null) router.push(hrefOf(id), { scroll: false })
    else router.replace(hrefOf(id), { scroll: false })
  }
  const move = (step: number) => {
    const at = open === null ? -1 : ids.indexOf(open)
    if (at === -1) return go(step > 0 ? ids[0] : ids.at(-1))
    go(ids[Math.min(ids.length - 1, Math.max(0, at + step))])
  }
  const enter = () => {
    if (open === null) return go(ids[0])
    document.querySelector<HTMLElement>('[data-review]')?.focus()
  }
  useShortcut({ keys: 'j', does: 'Next review', group: 'This page', run: () => move(1) })
  useShortcut({ keys: 'k', does: 'Previous review', group: 'This page', run: () => move(-1) })
  useShortcut({ keys: 'o', does: 'Open, or go into the text', group: 'This page', run: enter })
  return byKey
}
