'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { StatementResult } from '#lib/services/sessions/read-result'
import type { StatementDetail } from '#lib/services/sessions/read-statement'
import { openStatement } from '../actions'
import type { HeldReview, OpenedStatement } from './opened-statement'
import type { RecordedEvent } from './record-tab'

export interface OpenStatement {
  readonly statement: StatementDetail | null
  readonly result: StatementResult | undefined
  readonly events: readonly RecordedEvent[] | undefined
  readonly review: HeldReview | null
  readonly error: string | null
}

const KEPT = 40

/**
 * The statement `op` with its result and record. What has been read stays at hand; one that was still running is read again when
 * `version` changes. Moving on quickly reads only where the reader stops.
 */
export function useOpenStatement(
  id: string,
  op: number | null,
  version: string,
  first: OpenedStatement | null,
): OpenStatement {
  const kept = useRef(new Map<number, OpenedStatement>(first ? [[first.statement.op, first]] : []))
  const [shown, setShown] = useState<OpenedStatement | null>(first)
  const [error, setError] = useState<string | null>(null)
  const keep = useCallback((opened: OpenedStatement) => {
    kept.current.delete(opened.statement.op)
    kept.current.set(opened.statement.op, opened)
    const oldest = kept.current.keys().next().value
    if (kept.current.size > KEPT && oldest !== undefined) kept.current.delete(oldest)
    setShown(opened)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` is what makes a running statement be read again
  useEffect(() => {
    if (op === null) return
    setError(null)
    const known = kept.current.get(op)
    if (known) setShown(known)
    if (known && known.statement.status !== 'running') return
    let current = true
    const timer = setTimeout(
      () =>
        void openStatement(id, op).then(
          (answer) => {
            if (!current) return
            if (answer.ok) keep(answer.value)
            else setError(answer.message)
          },
          () => current && setError('The portal did not answer. Nothing was changed; select it again.'),
        ),
      known ? 0 : 60,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id, op, version, keep])
  const opened = shown !== null && shown.statement.op === op ? shown : null
  return {
    statement: opened?.statement ?? null,
    result: opened?.result,
    events: opened?.events,
    review: opened?.review ?? null,
    error,
  }
}
