import { expect, it } from 'vitest'
import { isSoon, timeLeft } from './time-left'

it.each([
  [702_000, '11:42'],
  [112_400, '1:53'],
  [9_000, '0:09'],
  [0, '0:00'],
  [-5_000, '0:00'],
  [3_900_000, '1 h 5 min'],
])('%d ms are %s', (ms, words) => {
  expect(timeLeft(ms)).toBe(words)
})

it('warns in the last two minutes', () => {
  expect([120_000, 119_999].map(isSoon)).toEqual([false, true])
})
