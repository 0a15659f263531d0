import { describe, expect, it } from 'vitest'
import { TEST_STEPS, type TestStep } from '#lib/domain/connection'
import { allSteps, isLost, needsAttention, outcomeWord } from './test-words'

const failed = (name: TestStep['name'], detail = ''): TestStep => ({ name, state: 'failed', detail, durationMs: 9 })

describe('words for a connection test', () => {
  it('a list names the step that failed', () => {
    const words = TEST_STEPS.map((step) => outcomeWord('failed', failed(step)))
    expect(new Set(words).size).toBe(TEST_STEPS.length)
    expect(outcomeWord('failed', failed('authenticate'))).toBe('Sign-in refused')
  })

  it('steps that were never reached are still shown', () => {
    const steps = allSteps([failed('connect', 'refused')])
    expect(steps.map((step) => step.name)).toEqual([...TEST_STEPS])
    expect(steps.filter((step) => step.state === 'waiting')).toHaveLength(4)
  })

  it('a test whose proxy died does not run forever on the page', () => {
    const requestedAt = new Date(1_000_000).toISOString()
    expect(isLost({ state: 'running', requestedAt }, 1_000_000 + 90_000)).toBe(false)
    expect(isLost({ state: 'running', requestedAt }, 1_000_000 + 90_001)).toBe(true)
    expect(isLost({ state: 'passed', requestedAt }, 1_000_000 + 900_000)).toBe(false)
  })

  it('only a connection in use whose last test failed wants attention', () => {
    const lastTest = { state: 'failed', current: true } as const
    expect(needsAttention({ state: 'active', lastTest })).toBe(true)
    expect(needsAttention({ state: 'disabled', lastTest })).toBe(false)
    expect(needsAttention({ state: 'active', lastTest: { ...lastTest, current: false } })).toBe(false)
    expect(needsAttention({ state: 'active', lastTest: null })).toBe(false)
  })
})
