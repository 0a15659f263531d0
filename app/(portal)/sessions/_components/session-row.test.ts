import { describe, expect, it } from 'vitest'
import { mergeRows, type SessionRow } from './session-row'

const row = (id: string, operations = 0): SessionRow => ({
  id,
  protocol: 'postgres',
  principal: { name: 'autogen', kind: 'agent' },
  owner: 'Erin',
  connection: 'shop',
  startedAt: '2026-11-20T02:00:00.000Z',
  endedAt: null,
  endReason: null,
  operations,
  held: 0,
  refused: 0,
  failed: 0,
  rows: 0,
})

describe('live rows arrive without a jump', () => {
  it('a known row takes its new numbers where it stands', () => {
    const { rows, fresh } = mergeRows([row('b', 1), row('a', 1)], [row('a', 7)])
    expect(rows.map(({ id, operations }) => [id, operations])).toEqual([
      ['b', 1],
      ['a', 7],
    ])
    expect(fresh).toEqual([])
  })

  it('a new row is set apart, so that the reader decides when it is shown', () => {
    const { rows, fresh } = mergeRows([row('a')], [row('c'), row('a')])
    expect(rows.map(({ id }) => id)).toEqual(['a'])
    expect(fresh.map(({ id }) => id)).toEqual(['c'])
  })
})
