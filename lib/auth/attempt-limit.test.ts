import { describe, expect, it } from 'vitest'
import { attemptLimit } from './attempt-limit'

describe('failed attempts', () => {
  const fail = (limit: ReturnType<typeof attemptLimit>, key: string, times: number) => {
    for (let i = 0; i < times; i++) limit.failed(key, 1_000)
  }

  it('are allowed up to the limit of one key, in one window', () => {
    const limit = attemptLimit({ perKey: 3, inAll: 100, windowMs: 60_000 })
    fail(limit, 'a', 2)
    expect(limit.exceeded('a', 1_000)).toBe(false)
    fail(limit, 'a', 1)
    expect(limit.exceeded('a', 60_999)).toBe(true)
    expect(limit.exceeded('b', 60_999)).toBe(false)
    expect(limit.exceeded('a', 61_001)).toBe(false)
  })

  it('count for everybody once there are too many in all, whatever address they claim to come from', () => {
    const limit = attemptLimit({ perKey: 3, inAll: 10, windowMs: 60_000 })
    for (let i = 0; i < 10; i++) fail(limit, `spoofed-${i}`, 1)
    expect(limit.exceeded('anyone', 1_000)).toBe(true)
  })
})
