'use client'
import { useCallback, useRef, useState } from 'react'
import { loadDecided } from '../actions'
import type { ReviewRow, ReviewsPage } from './review-view'

interface ReviewRows {
  readonly decided: readonly ReviewRow[]
  readonly failed: boolean
  /** Reads the next page, once at a time; null when there is none. */
  readonly more: (() => void) | null
}

/** The decided ones: the first page as the server keeps it fresh, and those that were read on. `query` is what they are read with. */
export function useReviewRows(first: ReviewsPage, query: string): ReviewRows {
  const [older, setOlder] = useState<readonly ReviewRow[]>([])
  const [cursor, setCursor] = useState<string | null>()
  const [failed, setFailed] = useState(false)
  const reading = useRef(false)
  const next = cursor === undefined ? first.nextCursor : cursor
  const more = useCallback(async () => {
    if (next === null || reading.current) return
    reading.current = true
    try {
      const page = await loadDecided(query, next)
      setOlder((known) => [...known, ...page.decided])
      setCursor(page.nextCursor)
      setFailed(false)
    } catch {
      setFailed(true)
    } finally {
      reading.current = false
    }
  }, [next, query])
  return { decided: [...first.decided, ...older], failed, more: next === null ? null : () => void more() }
}
