'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ReplayCell, ReplaySet } from '#lib/domain/replay/postgres-result'
import { PAGE } from './result-page'

/** Rows of one result set from `offset` on; at most a page of them. */
export type RowSource = (offset: number) => Promise<readonly (readonly ReplayCell[])[]>

export interface SetRows {
  /** The row at an index from 0; undefined while it is not here. */
  rows(index: number): readonly ReplayCell[] | undefined
  /** These indices are in sight: what is missing of them is read. */
  want(first: number, last: number): void
  readonly failed: boolean
}

const PAGES_KEPT = 40

/** The rows of a set, in pages, as they come into sight. What the set brought along is its first page. */
export function useSetRows(set: ReplaySet, source: RowSource): SetRows {
  const [pages, setPages] = useState(() => firstPages(set))
  const [failed, setFailed] = useState(false)
  const asked = useRef(new Set<number>(pages.keys()))
  const latest = useRef(source)
  useEffect(() => {
    latest.current = source
  })
  const read = useCallback((page: number) => {
    asked.current.add(page)
    latest.current(page * PAGE).then(
      (rows) => setPages((known) => keep(known, page, rows, asked.current)),
      () => {
        asked.current.delete(page)
        setFailed(true)
      },
    )
  }, [])
  const { rowCount } = set
  const want = useCallback(
    (first: number, last: number) => {
      if (rowCount === 0) return
      for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
        if (!asked.current.has(page)) read(page)
      }
    },
    [rowCount, read],
  )
  return { rows: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE], want, failed }
}

type Pages = ReadonlyMap<number, readonly (readonly ReplayCell[])[]>

function firstPages(set: ReplaySet): Pages {
  const whole = Math.min(PAGE, set.rowCount)
  return new Map(set.rows.length >= whole && whole > 0 ? [[0, set.rows.slice(0, PAGE)]] : [])
}

/** Adds a page; the one that was read longest ago makes room. */
function keep(known: Pages, page: number, rows: readonly (readonly ReplayCell[])[], asked: Set<number>): Pages {
  const next = new Map(known)
  next.set(page, rows)
  if (next.size > PAGES_KEPT) {
    const oldest = next.keys().next().value
    if (oldest !== undefined) {
      next.delete(oldest)
      asked.delete(oldest)
    }
  }
  return next
}
