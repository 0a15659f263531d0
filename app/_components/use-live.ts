'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { LiveTopic } from '#lib/domain/signals'

/**
 * Calls `onChange` when something about `topic` changed, and whenever the stream opens: what happened since the page was rendered,
 * or while the stream was away, is unknown. Several signals within `everyMs` come as one call. Pass null to watch nothing.
 */
export function useLiveSignal(topic: LiveTopic | null, onChange: () => void, everyMs = 400): void {
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    if (topic === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        latest.current()
      }, everyMs)
    }
    let source: EventSource | null = null
    // A browser keeps six connections to a host: a tab that nobody sees holds none, and reads again when it is seen.
    const follow = () => {
      if (document.visibilityState === 'hidden') {
        source?.close()
        source = null
      } else if (source === null) {
        source = new EventSource(`/api/v1/live?topic=${encodeURIComponent(topic)}`)
        source.onmessage = soon
        source.onopen = soon
      }
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      clearTimeout(timer)
      source?.close()
    }
  }, [topic, everyMs])
}

/** Reads the page's server parts again whenever `topic` fires. What the reader selected, typed or scrolled stays. */
export function useLive(topic: LiveTopic | null, everyMs?: number): void {
  const router = useRouter()
  useLiveSignal(topic, () => router.refresh(), everyMs)
}
