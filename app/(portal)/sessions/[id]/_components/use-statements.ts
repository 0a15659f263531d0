'use client'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { loadStatements } from '../actions'
import { extendAfter, extendBefore, resumeAfter, type StatementWindow } from './statement'

export interface StatementFilter {
  readonly q: string
  readonly verdict: 'held' | 'refused' | 'failed' | null
}

export interface Statements {
  readonly window: StatementWindow
  readonly error: boolean
  /** Statements that arrived below while the reader looked elsewhere. */
  readonly waiting: number
  reach(end: 'first' | 'last'): void
  /** Something was recorded: reads on. */
  arrived(): void
  showWaiting(): void
}

const ROW = 30
const NEAR_END = 90

/**
 * The statements around where the reader is. Reads on at both ends as the reader comes near, and below as the session goes on:
 * somebody who looks at the end follows, somebody who does not is told how many came.
 */
export function useStatements(
  id: string,
  first: StatementWindow,
  filter: StatementFilter,
  scroller: RefObject<HTMLDivElement | null>,
): Statements {
  const [window, setWindow] = useState(first)
  const [error, setError] = useState(false)
  const [waiting, setWaiting] = useState(0)
  const reading = useRef<'first' | 'last' | null>(null)
  const filtered = useRef(filter)
  const follow = useRef(false)
  const rowsInFront = useRef(0)
  const { q, verdict } = filter

  useEffect(() => {
    if (filtered.current.q === q && filtered.current.verdict === verdict) return
    filtered.current = { q, verdict }
    let current = true
    loadStatements(id, { q, verdict }).then(
      (fresh) => {
        if (!current) return
        setWindow(fresh)
        setWaiting(0)
        scroller.current?.scrollTo({ top: 0 })
      },
      () => current && setError(true),
    )
    return () => {
      current = false
    }
  }, [id, q, verdict, scroller])

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the new window that moved what is in sight
  useLayoutEffect(() => {
    scroller.current?.scrollBy({ top: rowsInFront.current * ROW })
    rowsInFront.current = 0
  }, [window, scroller])

  useEffect(() => {
    if (!follow.current || window.statements.length === 0) return
    follow.current = false
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [window, scroller])

  const reach = (end: 'first' | 'last') => {
    const from = end === 'first' ? window.before : window.after
    if (end === 'last' && from === null && isNearEnd(scroller.current)) setWaiting(0)
    if (from === null || reading.current) return
    reading.current = end
    const place = end === 'first' ? { before: from } : { after: from }
    loadStatements(id, { q, verdict, ...place })
      .then((more) => {
        if (end === 'last') return setWindow((known) => extendAfter(known, more))
        rowsInFront.current = extendBefore(window, more).statements.length - window.statements.length
        setWindow((known) => extendBefore(known, more))
      })
      .catch(() => setError(true))
      .finally(() => {
        reading.current = null
      })
  }

  const arrived = () => {
    if (window.after !== null) return setWaiting((count) => count + 1)
    loadStatements(id, { q, verdict, after: resumeAfter(window) }).then(
      (more) => {
        const joined = extendAfter(window, more)
        const added = joined.statements.length - window.statements.length
        follow.current = added > 0 && isNearEnd(scroller.current)
        if (added > 0 && !follow.current) setWaiting((count) => count + added)
        setWindow(joined)
        setError(false)
      },
      () => setError(true),
    )
  }

  const showWaiting = () => {
    setWaiting(0)
    follow.current = true
    if (window.after !== null) void loadStatements(id, { q, verdict, before: Number.MAX_SAFE_INTEGER }).then(setWindow)
    else scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }

  return { window, error, waiting, reach, arrived, showWaiting }
}

function isNearEnd(element: HTMLElement | null): boolean {
  return element !== null && element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END
}
