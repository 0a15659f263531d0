import { describe, expect, it } from 'vitest'
import { listItems, startOf } from './list-items'
import type { ReviewRow } from './review-view'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const row = (id: string, leftMs: number, state: ReviewRow['state'] = 'pending'): ReviewRow => ({
  id,
  state,
  title: 'Delete from orders',
  principal: 'autogen',
  connection: 'shop',
  expiresAt: new Date(NOW + leftMs).toISOString(),
  decidedAt: state === 'pending' ? null : new Date(NOW - 1_000).toISOString(),
  approvals: { got: 0, needed: 1 },
  forMe: true,
})
const shown = (pending: ReviewRow[], decided: ReviewRow[]) =>
  listItems({ pending, decided, heading: 'Decided' }, NOW).map((item) => item.key)

describe('the list of reviews', () => {
  it('what waits comes first, under it what is decided', () => {
    expect(shown([row('a', 1_000)], [row('b', 0, 'approved')])).toEqual(['a', 'heading', 'b'])
  })

  it('what expires while one looks goes over to the decided by itself', () => {
    expect(shown([row('a', 0), row('b', 1_000)], [])).toEqual(['b', 'heading', 'a'])
  })

  it('no heading over one kind alone', () => {
    expect(shown([row('a', 1_000)], [])).toEqual(['a'])
    expect(shown([], [row('b', 0, 'rejected')])).toEqual(['b'])
  })

  it('shows nothing twice', () => {
    expect(
      shown([row('a', 1_000), row('c', 0)], [row('a', 0, 'approved'), row('c', 0, 'expired'), row('b', 0, 'approved')]),
    ).toEqual(['a', 'heading', 'c', 'b'])
  })

  it('knows where each place starts', () => {
    const items = listItems({ pending: [row('a', 1_000)], decided: [row('b', 0, 'approved')], heading: 'Decided' }, NOW)
    expect([0, 1, 2, 3].map((index) => startOf(items, index, 'desktop'))).toEqual([0, 56, 92, 148])
  })
})
