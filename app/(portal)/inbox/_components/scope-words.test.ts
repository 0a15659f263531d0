import { expect, it } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import { minuteChoices, minutesWords } from './scope-words'

it.each([
  [LIMITS.grantMinutes, [5, 15, 30, 60, 120, 240, 480]],
  [60, [5, 15, 30, 60]],
  [59, [5, 15, 30]],
  [3, [3]],
])('with at most %i minutes nothing longer is offered', (grantMinutes, choices) => {
  expect(minuteChoices({ ...LIMITS, grantMinutes })).toEqual(choices)
})

it('long times are said in hours', () => {
  expect([15, 480, 1_440, 1_441, 10_080].map(minutesWords)).toEqual(['15 min', '480 min', '24 h', '1441 min', '168 h'])
})
