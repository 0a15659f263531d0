import { describe, expect, it } from 'vitest'
import { age, clockTime, duration, exactTime, relativeTime } from './time'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')
const ago = (ms: number) => relativeTime(NOW - ms, NOW)

describe('times as people read them', () => {
  it.each([
    [0, 'now'],
    [59_000, '59 s ago'],
    [60_000, '1 min ago'],
    [3_600_000, '1 h ago'],
    [86_400_000, 'yesterday'],
    [6 * 86_400_000, '6 days ago'],
    [30 * 86_400_000, '21 Oct 12:00'],
  ])('%d ms before is %s', (ms, words) => {
    expect(ago(ms)).toBe(words)
  })

  it('says what is still to come as such', () => {
    expect(relativeTime(NOW + 180_000, NOW)).toBe('in 3 min')
  })

  it('names another year', () => {
    expect(relativeTime(Date.parse('2024-02-03T04:05:06Z'), NOW)).toBe('3 Feb 2024')
  })

  it('is in UTC whatever the reader’s own zone', () => {
    expect(clockTime('2026-11-20T02:04:30.118Z')).toBe('02:04:30')
    expect(exactTime('2026-11-20T02:04:30.118Z')).toBe('2026-11-20 02:04:30.118 UTC')
  })

  it.each([
    [0, '1 µs'],
    [640, '640 µs'],
    [2_449, '2.4 ms'],
    [21_000, '21 ms'],
    [1_280_000, '1.28 s'],
    [198_000_000, '3 min 18 s'],
  ])('%d µs took %s', (us, words) => {
    expect(duration(us)).toBe(words)
  })

  it('never shows a session that just began as older than it is', () => {
    expect(age(-5)).toBe('under 1 s')
    expect(age(7_500_000)).toBe('2 h 5 min')
  })
})
