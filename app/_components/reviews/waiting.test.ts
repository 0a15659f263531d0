import { describe, expect, it } from 'vitest'
import { arrivals, badgedTitle, type Waiting } from './waiting'

const of = (...ids: string[]): Waiting => ({
  count: ids.length,
  newest: ids.map((id) => ({ id, title: 'Drop table orders', who: 'autogen', connection: 'shop' })),
})

describe('what waits for the reader', () => {
  it('tells what is new, and nothing when one goes', () => {
    expect(arrivals(of('a', 'b'), of('a', 'b', 'c')).map(({ id }) => id)).toEqual(['c'])
    expect(arrivals(of('a', 'b'), of('b'))).toEqual([])
  })

  it('stands in the title once, however often it is put there', () => {
    expect(badgedTitle(badgedTitle('Inbox · Sallyport', 2), 3)).toBe('(3) Inbox · Sallyport')
    expect(badgedTitle('(3) Inbox · Sallyport', 0)).toBe('Inbox · Sallyport')
    expect(badgedTitle(badgedTitle('Inbox', 120), 1)).toBe('(1) Inbox')
  })
})
