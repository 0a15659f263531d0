'use client'
import { useNow } from '#ui/relative-time'
import { timeLeft } from '../../../_components/time-left'

/** Counts down to `until`. */
export function TimeLeft({ until, now }: { until: string; now: number }) {
  return timeLeft(Date.parse(until) - useNow(now))
}
