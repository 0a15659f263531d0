import { describe, expect, it } from 'vitest'
import { TEST_STEPS, type TestStep } from '#lib/domain/connection'
import { allSteps, diagnose, outcomeWord } from './test-words'

const target = { address: 'db.internal:5432', user: 'reporting', tls: 'verify-full' }
const failed = (name: TestStep['name'], detail: string): TestStep => ({ name, state: 'failed', detail, durationMs: 9 })

describe('words for a connection test', () => {
  it('a list names the step that failed', () => {
    const words = TEST_STEPS.map((step) => outcomeWord('failed', step))
    expect(new Set(words).size).toBe(TEST_STEPS.length)
    expect(outcomeWord('failed', 'authenticate')).toBe('Sign-in refused')
  })

  it('steps that were never reached are still shown', () => {
    const steps = allSteps([failed('connect', 'refused')])
    expect(steps.map((step) => step.name)).toEqual([...TEST_STEPS])
    expect(steps.filter((step) => step.state === 'waiting')).toHaveLength(4)
  })

  it('a wrong password offers a new secret and names the user', () => {
    const result = diagnose(failed('authenticate', '28P01 password authentication failed'), target)
    expect(result.remedy).toBe('secret')
    expect(result.advice).toContain('reporting')
  })

  it('a method that is not allowed leads to the settings, not to the secret', () => {
    expect(diagnose(failed('authenticate', 'the target asks for md5'), target).remedy).toBe('settings')
  })

  it('every step that can fail says what to do', () => {
    for (const step of TEST_STEPS) expect(diagnose(failed(step, ''), target).advice).not.toBe('')
  })
})
