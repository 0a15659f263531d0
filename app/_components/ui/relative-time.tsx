'use client'
import { useEffect, useState } from 'react'
import { exactTime, millis, relativeTime, type Timestamp } from '../time'

interface RelativeTimeProps {
  at: Timestamp
  /** The server's clock at rendering, so that both sides say the same words; the page's own clock carries on from there. */
  now: number
  className?: string
}

/** "3 min ago", with the exact time on hover. */
export function RelativeTime({ at, now, className }: RelativeTimeProps) {
  const current = useNow(now)
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)} className={className}>
      {relativeTime(millis(at), current)}
    </time>
  )
}

/** The server's clock, carried on by the page's, once a second. Milliseconds since 1970. */
export function useNow(now: number): number {
  const [current, setCurrent] = useState(now)
  useEffect(() => {
    const ahead = now - Date.now()
    const tick = () => setCurrent(Date.now() + ahead)
    tick()
    const timer = setInterval(tick, 1_000)
    return () => clearInterval(timer)
  }, [now])
  return current
}
