const two = (value: number) => String(value).padStart(2, '0')

/** Milliseconds since 1970, or ISO 8601 as the services give it. */
export type Timestamp = number | string

export function millis(at: Timestamp): number {
  return typeof at === 'number' ? at : Date.parse(at)
}

/** `2026-11-20 02:04:30.118 UTC` */
export function exactTime(at: Timestamp): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`
}

/** `02:04:30` in UTC: the clock of records, the same for every reader. */
export function clockTime(at: Timestamp): string {
  const time = new Date(at)
  return `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`
}

/** `20 Nov 02:04`, with the year once it is another one. */
export function dateTime(at: number, now: number): string {
  const time = new Date(at)
  const year = time.getUTCFullYear()
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`
  return year === new Date(now).getUTCFullYear() ? `${day} ${clock}` : `${day} ${year}`
}

/** `now`, `12 s ago`, `3 min ago`, `5 h ago`, `yesterday`, `6 days ago`, then the date; `in 3 min` for what is to come. */
export function relativeTime(at: number, now: number): string {
  const past = at <= now
  const seconds = Math.floor(Math.abs(now - at) / 1_000)
  if (seconds < 5) return 'now'
  const days = Math.floor(seconds / 86_400)
  if (days >= 14) return dateTime(at, now)
  if (past && days === 1) return 'yesterday'
  const amount = span(seconds, days)
  return past ? `${amount} ago` : `in ${amount}`
}

function span(seconds: number, days: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return days === 1 ? '1 day' : `${days} days`
}

/** How long something took: `640 µs`, `21 ms`, `1.28 s`, `3 min 18 s`, `2 h 5 min`. */
export function duration(microseconds: number): string {
  if (microseconds < 1_000) return `${Math.max(1, Math.round(microseconds))} µs`
  const ms = microseconds / 1_000
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}

/** How long something has been going on, without fractions: `14 s`, `14 min`, `2 h 5 min`, `3 days`. */
export function age(ms: number): string {
  if (ms < 1_000) return 'under 1 s'
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
  const days = Math.floor(seconds / 86_400)
  return days === 1 ? '1 day' : `${days} days`
}
