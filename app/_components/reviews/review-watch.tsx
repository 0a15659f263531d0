'use client'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { readWaiting } from './read-waiting'
import { followReviews } from './review-stream'
import { useDesktopNotices } from './use-desktop-notices'
import { useTitleBadge } from './use-title-badge'
import { NOTHING_WAITS, type Waiting } from './waiting'

interface Watch {
  readonly waiting: Waiting
  /** Calls `onChange` when something about reviews changed. Returns how to stop. */
  subscribe(onChange: () => void): () => void
}

const Context = createContext<Watch>({ waiting: NOTHING_WAITS, subscribe: () => () => undefined })

/** Signals closer together than this are read as one. */
const GATHER_MS = 120

/** Knows on every page what waits for the reader: the number in the navigation and in the title, and the desktop notice. */
export function ReviewWatch({ initial, children }: { initial: Waiting; children: ReactNode }) {
  const [waiting, setWaiting] = useState(initial)
  const [listeners] = useState(() => new Set<() => void>())
  const notify = useDesktopNotices()
  const known = useRef(initial)
  const told = useRef(notify)
  useEffect(() => {
    told.current = notify
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let leading = false
    const read = async () => {
      timer = undefined
      for (const listener of listeners) listener()
      const now = await readWaiting().catch(() => null)
      if (now === null) return
      if (leading) told.current(known.current, now)
      known.current = now
      setWaiting(now)
    }
    const stop = followReviews((leads) => {
      leading = leads
      timer ??= setTimeout(() => void read(), GATHER_MS)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [listeners])
  useTitleBadge(waiting.count)
  const watch = useMemo<Watch>(
    () => ({
      waiting,
      subscribe: (onChange) => {
        listeners.add(onChange)
        return () => listeners.delete(onChange)
      },
    }),
    [waiting, listeners],
  )
  return <Context.Provider value={watch}>{children}</Context.Provider>
}

export function useWaiting(): Waiting {
  return useContext(Context).waiting
}

/** Calls `onChange` when something about reviews changed; for a page that nobody sees, once it is seen again. */
export function useReviewSignal(onChange: () => void): void {
  const { subscribe } = useContext(Context)
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    let missed = false
    const signal = () => {
      missed = document.visibilityState === 'hidden'
      if (!missed) latest.current()
    }
    const seen = () => {
      if (missed) signal()
    }
    const stop = subscribe(signal)
    document.addEventListener('visibilitychange', seen)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', seen)
    }
  }, [subscribe])
}
