import { describe, expect, it } from 'vitest'
import { bars, heights, stepsPath } from './lane-shapes'

const shape = (values: number[]) => ({ values, width: 100, top: 0, base: 40 })

describe('lanes, each on its own scale', () => {
  it('the largest value fills the lane', () => {
    expect(heights(shape([1, 4, 2]), 0)).toEqual([10, 40, 20])
  })

  it('one denial beside forty thousand is still seen', () => {
    expect(bars(shape([40_000, 1, 0])).map(({ height }) => height)).toEqual([40, 3])
  })

  it('an hour without anything is a flat line, not an error', () => {
    expect(stepsPath(shape([0, 0]))).toBe('M0 40V40H50V40H100')
    expect(bars(shape([0, 0]))).toEqual([])
  })
})
