'use client'
import { useEffect, useState } from 'react'
import { exactTime, relativeTime } from '../time'

/**
 * "3 min ago", with the exact time on hover. `at` and `now` are milliseconds since 1970; `now` is the server's, so that both sides
 * render the same words, and the page's own clock takes over from there.
 */
export function RelativeTime({ at, now, className }: { at: number; now: number; className?: string }) {
  const [current, setCurrent] = useState(now)
  useEffect(() => {
    const ahead = now - Date.now()
    const tick = () => setCurrent(Date.now() + ahead)
    const age = Math.abs(now - at)
    const timer = setInterval(tick, age < 120_000 ? 1_000 : 30_000)
    return () => clearInterval(timer)
  }, [at, now])
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)} className={className}>
      {relativeTime(at, current)}
    </time>
  )
}
