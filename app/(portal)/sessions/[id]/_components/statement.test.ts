import { describe, expect, it } from 'vitest'
import {
  extendAfter,
  extendBefore,
  openedAtFirst,
  resumeAfter,
  type Statement,
  type StatementWindow,
} from './statement'

const statement = (op: number, status: Statement['status'] = 'ok'): Statement => ({
  op,
  at: '2026-11-20T02:00:00.000Z',
  own: false,
  text: `SELECT ${op}`,
  status,
  rows: null,
  durationUs: null,
})
const window = (
  statements: Statement[],
  before: number | null = null,
  after: number | null = null,
): StatementWindow => ({
  statements,
  before,
  after,
})
const ops = (of: StatementWindow) => of.statements.map(({ op }) => op)

describe('statements that arrive', () => {
  it('a running statement takes its outcome in place and nothing is shown twice', () => {
    const joined = extendAfter(window([statement(1), statement(2, 'running')]), window([statement(2), statement(3)]))
    expect(ops(joined)).toEqual([1, 2, 3])
    expect(joined.statements[1]?.status).toBe('ok')
  })

  it('earlier statements come in front, once', () => {
    const joined = extendBefore(window([statement(5), statement(6)], 5, 6), window([statement(4), statement(5)]))
    expect(ops(joined)).toEqual([4, 5, 6])
    expect(joined).toMatchObject({ before: null, after: 6 })
  })

  it('reading on starts before the first that still runs', () => {
    expect(resumeAfter(window([statement(1), statement(2, 'running'), statement(3)]))).toBe(1)
    expect(resumeAfter(window([statement(1), statement(2)]))).toBe(2)
    expect(resumeAfter(window([]))).toBe(0)
  })
})

it('the client’s first statement is open before anybody chooses, the gateway’s own only where there is no other', () => {
  const own = { ...statement(1), own: true }
  expect(openedAtFirst(window([own, statement(2), statement(3)]))).toBe(2)
  expect(openedAtFirst(window([own]))).toBe(1)
  expect(openedAtFirst(window([]))).toBeNull()
})
