'use client'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { markSeen, unseenUnits } from '../../../_components/exact/seen'

export interface Seen {
  /** Units that have not been on the screen yet. */
  readonly missing: number
  readonly isSeen: (unit: number) => boolean
  /** Brings the first of them into view. */
  showNext(): void
}

/**
 * Watches which units of a text (`data-unit`) have stood on the screen in full, while the page was in front. `scroller` is what
 * scrolls them. Starts again with another `text`.
 */
export function useSeen(scroller: RefObject<HTMLElement | null>, units: number, text: string): Seen {
  const seen = useRef(new Uint8Array(units))
  const boxes = useRef<readonly Element[]>([])
  const [missing, setMissing] = useState(units)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text starts again, though its units may be as many
  useEffect(() => {
    const frame = scroller.current
    if (!frame) return
    seen.current = new Uint8Array(units)
    boxes.current = [...frame.querySelectorAll('[data-unit]')]
    setMissing(units)
    let waiting = 0
    const look = () => {
      waiting = 0
      if (document.visibilityState !== 'visible') return
      const { top, bottom } = visiblePart(frame)
      const boxOf = (index: number) => boxes.current[index]?.getBoundingClientRect() ?? null
      if (markSeen(seen.current, boxOf, top, bottom) > 0) setMissing(unseenUnits(seen.current).count)
    }
    const soon = () => {
      if (waiting === 0) waiting = requestAnimationFrame(look)
    }
    const resized = new ResizeObserver(soon)
    resized.observe(frame)
    for (const child of frame.children) resized.observe(child)
    frame.addEventListener('scroll', soon, { passive: true })
    document.addEventListener('visibilitychange', soon)
    soon()
    return () => {
      cancelAnimationFrame(waiting)
      resized.disconnect()
      frame.removeEventListener('scroll', soon)
      document.removeEventListener('visibilitychange', soon)
    }
  }, [scroller, units, text])
  const showNext = useCallback(() => {
    const { first } = unseenUnits(seen.current)
    boxes.current[first]?.scrollIntoView({ block: 'start' })
  }, [])
  const isSeen = useCallback((unit: number) => seen.current[unit] === 1, [])
  return { missing, isSeen, showNext }
}

/** Browsers scroll to whole pixels, boxes stand between them. */
const ROUNDING = 1

/** The part of the scroller that is inside the window: a phone's keyboard or its own bars may cover some. */
function visiblePart(frame: HTMLElement): { top: number; bottom: number } {
  const { top, bottom } = frame.getBoundingClientRect()
  const height = window.visualViewport?.height ?? window.innerHeight
  return { top: Math.max(0, top) - ROUNDING, bottom: Math.min(height, bottom) + ROUNDING }
}
