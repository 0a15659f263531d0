'use client'
import { type RefObject, useMemo, useRef, useState } from 'react'
import { countLines, type ReviewMaterial, reviewMaterial } from './review-material'
import type { ReadingState } from './review-text'
import type { ReviewView } from './review-view'
import { useSeen } from './use-seen'

export interface Reading extends ReadingState {
  readonly material: ReviewMaterial
  /** Nothing is left to read or to tick. */
  readonly done: boolean
  /** Leads to what is left: the next unseen line, then the flagged characters. */
  showNext(): void
}

/** How far the reader of one review has come with its text. */
export function useReading(review: ReviewView, scroller: RefObject<HTMLElement | null>): Reading {
  const { text, encoding, binds } = review
  const material = useMemo(() => reviewMaterial({ text, encoding, binds }), [text, encoding, binds])
  const seen = useSeen(scroller, material.units, review.id)
  const [acknowledged, setAcknowledged] = useState(false)
  const acknowledgeRef = useRef<HTMLInputElement>(null)
  const lines = countLines(material, seen.isSeen)
  const flagged = material.flags.length > 0
  return {
    material,
    ...lines,
    acknowledged,
    onAcknowledge: setAcknowledged,
    acknowledgeRef,
    done: seen.missing === 0 && (acknowledged || !flagged),
    showNext: () => {
      if (seen.missing > 0) return seen.showNext()
      acknowledgeRef.current?.focus()
    },
  }
}
