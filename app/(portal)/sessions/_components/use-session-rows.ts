'use client'
import { type RefObject, useCallback, useRef, useState } from 'react'
import { useLiveSignal } from '../../../_components/use-live'
import { loadSessions } from '../actions'
import { mergeRows, type SessionRow, type SessionsPage } from './session-row'

interface SessionRows {
  readonly rows: readonly SessionRow[]
  readonly done: boolean
  readonly error: boolean
  /** New sessions that wait for the reader to come back to the top. */
  readonly waiting: number
  showWaiting(): void
  /** Reads the next page, once at a time. */
  more(): Promise<void>
}

/** The rows of the list: read page by page as the reader scrolls, kept current by the store's signals. */
export function useSessionRows(
  first: SessionsPage,
  query: string,
  scroller: RefObject<HTMLElement | null>,
): SessionRows {
  const [rows, setRows] = useState(first.rows)
  const [waiting, setWaiting] = useState<readonly SessionRow[]>([])
  const [cursor, setCursor] = useState(first.nextCursor)
  const [error, setError] = useState(false)
  const reading = useRef(false)
  const more = useCallback(async () => {
    if (cursor === null || reading.current) return
    reading.current = true
    try {
      const page = await loadSessions(query, cursor)
      setRows((known) => [...known, ...mergeRows(known, page.rows).fresh])
      setCursor(page.nextCursor)
      setError(false)
    } catch {
      setError(true)
    } finally {
      reading.current = false
    }
  }, [cursor, query])
  const look = async () => {
    const page = await loadSessions(query, null).catch(() => undefined)
    if (!page) return
    const atTop = (scroller.current?.scrollTop ?? 0) < 40
    const { rows: kept, fresh } = mergeRows(rows, page.rows)
    setRows(atTop ? [...fresh, ...kept] : kept)
    setWaiting(atTop ? [] : fresh)
  }
  useLiveSignal('sessions', () => void look(), 700)
  const showWaiting = () => {
    setRows((known) => [...mergeRows(known, waiting).fresh, ...known])
    setWaiting([])
    scroller.current?.scrollTo({ top: 0 })
  }
  return { rows, done: cursor === null, error, waiting: waiting.length, showWaiting, more }
}
