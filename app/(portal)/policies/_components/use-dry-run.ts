'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { DryRunResult } from '#lib/services/policies/dry-run/dry-run-items'
import { type DryRunAsk, readDryRun } from './read-dry-run'

type DryRunState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly judged: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** `of`: the text that was judged by. */
  | { readonly kind: 'done'; readonly of: string; readonly result: DryRunResult }

interface DryRun {
  readonly state: DryRunState
  start(ask: DryRunAsk): void
  cancel(): void
}

/** One dry run at a time; starting another, cancelling or leaving ends it on the server, too. */
export function useDryRun(): DryRun {
  const [state, setState] = useState<DryRunState>({ kind: 'idle' })
  const running = useRef<AbortController>(null)
  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = null
    setState({ kind: 'idle' })
  }, [])
  useEffect(() => () => running.current?.abort(), [])
  const start = useCallback((ask: DryRunAsk) => {
    running.current?.abort()
    const own = new AbortController()
    running.current = own
    setState({ kind: 'running', judged: 0 })
    const settle = (next: DryRunState) => {
      if (!own.signal.aborted) setState(next)
    }
    readDryRun(ask, own.signal, (judged) => settle({ kind: 'running', judged })).then(
      (result) => settle({ kind: 'done', of: ask.documents[0]?.text ?? '', result }),
      (error: unknown) =>
        settle({ kind: 'failed', message: error instanceof Error ? error.message : 'The portal did not answer.' }),
    )
  }, [])
  return { state, start, cancel }
}
