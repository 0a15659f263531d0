import { describe, expect, it } from 'vitest'
import { markSeen, unseenUnits } from './seen'

/** Ten units of 20 pixels, the first at `offset`. */
const column = (offset: number) => (index: number) => ({ top: offset + index * 20, bottom: offset + index * 20 + 20 })

describe('what has been on the screen', () => {
  it('counts units that stand in the window in full, and no others', () => {
    const seen = new Uint8Array(10)
    expect(markSeen(seen, column(-30), 0, 75)).toBe(3)
    expect([...seen]).toEqual([0, 0, 1, 1, 1, 0, 0, 0, 0, 0])
  })

  it('jumping to the end does not count what was jumped over', () => {
    const seen = new Uint8Array(10)
    markSeen(seen, column(0), 0, 60)
    markSeen(seen, column(-140), 0, 60)
    expect(unseenUnits(seen)).toEqual({ count: 4, first: 3 })
  })

  it('nothing new is nothing', () => {
    const seen = new Uint8Array(10)
    markSeen(seen, column(0), 0, 200)
    expect(markSeen(seen, column(0), 0, 200)).toBe(0)
    expect(unseenUnits(seen)).toEqual({ count: 0, first: -1 })
  })

  it('asks for few boxes, however long the text', () => {
    let asked = 0
    const boxOf = (index: number) => {
      asked += 1
      return { top: index * 20 - 600_000, bottom: index * 20 - 599_980 }
    }
    expect(markSeen(new Uint8Array(65_536), boxOf, 0, 400)).toBe(20)
    expect(asked).toBeLessThan(60)
  })
})
