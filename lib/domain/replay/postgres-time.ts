/** Binary times of PostgreSQL count from 2000-01-01; days and microseconds in the proleptic Gregorian calendar. */
const DAYS_TO_2000 = 10_957
const US_PER_SECOND = 1_000_000n
const US_PER_DAY = 86_400n * US_PER_SECOND
const MAX_INT8 = 9_223_372_036_854_775_807n
const MIN_INT8 = -9_223_372_036_854_775_808n
const MAX_INT4 = 2_147_483_647
const MIN_INT4 = -2_147_483_648

const two = (value: number | bigint) => String(value).padStart(2, '0')

/** `days` since 2000-01-01, as PostgreSQL's ISO style prints a date. */
export function dateText(days: number): string {
  if (days === MAX_INT4) return 'infinity'
  if (days === MIN_INT4) return '-infinity'
  const { text, before } = civil(days)
  return before ? `${text} BC` : text
}

/** Microseconds since midnight. */
export function timeText(us: bigint): string {
  const seconds = us / US_PER_SECOND
  const fraction = fractionText(us % US_PER_SECOND)
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`
}

/** Seconds west of UTC, as in a binary timetz. */
export function zoneText(secondsWest: number): string {
  const east = -secondsWest
  const size = Math.abs(east)
  const minutes = Math.floor(size / 60) % 60
  const seconds = size % 60
  const rest = seconds > 0 ? `:${two(minutes)}:${two(seconds)}` : minutes > 0 ? `:${two(minutes)}` : ''
  return `${east < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${rest}`
}

/** Microseconds since 2000-01-01; `zone` is appended (a binary timestamptz is in UTC). */
export function timestampText(us: bigint, zone: '' | '+00'): string {
  if (us === MAX_INT8) return 'infinity'
  if (us === MIN_INT8) return '-infinity'
  let days = us / US_PER_DAY
  let rest = us % US_PER_DAY
  if (rest < 0n) {
    days -= 1n
    rest += US_PER_DAY
  }
  const { text, before } = civil(Number(days))
  return `${text} ${timeText(rest)}${zone}${before ? ' BC' : ''}`
}

/** PostgreSQL's own style: `1 year 2 mons -3 days +04:05:06`. */
export function intervalText(us: bigint, days: number, months: number): string {
  const parts: string[] = []
  const add = (value: number, unit: string) => {
    if (value === 0) return
    const sign = parts.some((part) => part.startsWith('-')) && value > 0 ? '+' : ''
    parts.push(`${sign}${value} ${unit}${value === 1 ? '' : 's'}`)
  }
  add(Math.trunc(months / 12), 'year')
  add(months % 12, 'mon')
  add(days, 'day')
  if (us !== 0n || parts.length === 0) {
    const last = parts.at(-1)
    const sign = us < 0n ? '-' : last?.startsWith('-') ? '+' : ''
    parts.push(`${sign}${timeText(us < 0n ? -us : us)}`)
  }
  return parts.join(' ')
}

function fractionText(us: bigint): string {
  return us === 0n ? '' : `.${String(us).padStart(6, '0').replace(/0+$/, '')}`
}

/** Days since 2000-01-01 to a calendar date, by Howard Hinnant's civil_from_days. */
function civil(days: number): { text: string; before: boolean } {
  const shifted = days + DAYS_TO_2000 + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const shown = year > 0 ? year : 1 - year
  return { text: `${String(shown).padStart(4, '0')}-${two(month)}-${two(day)}`, before: year <= 0 }
}
