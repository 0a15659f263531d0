import { describe, expect, it } from 'vitest'
import { TEST_STEPS, type TestStep } from '#lib/domain/connection'
import { diagnose, failureWord } from './diagnosis'

const target = { address: 'db.internal:5432', user: 'reporting', database: 'shop', tls: 'verify-full' }
const failed = (name: TestStep['name'], detail: string) => ({ name, detail })

describe('what a failed step means', () => {
  it('a wrong password offers a new secret and names the user', () => {
    const detail = 'refused by the target: 28P01 password authentication failed for user "reporting"'
    const result = diagnose(failed('authenticate', detail), target)
    expect(result.remedy).toBe('secret')
    expect(result.advice).toContain('reporting')
  })

  it('a wrong password sent in the clear is told apart, though the target’s words are withheld', () => {
    const detail = "the target did not accept the gateway's credentials (SQLSTATE 28P01)"
    expect(diagnose(failed('authenticate', detail), target).title).toMatch(/password/)
  })

  it('a method that is not allowed leads to the settings, not to the secret', () => {
    const detail = 'the target asks for an MD5 password, which this connection does not allow (auth: scram-sha-256)'
    expect(diagnose(failed('authenticate', detail), target)).toMatchObject({
      remedy: 'settings',
      word: 'Method not allowed',
    })
  })

  it('a forbidden address is not called a spelling mistake', () => {
    expect(failureWord(failed('resolve', 'the target may not be dialled: loopback'))).toBe('Address not allowed')
    expect(failureWord(failed('resolve', "the target's host name cannot be resolved"))).toBe('Name not found')
  })

  it('a target that cannot prove itself is never answered with a weaker setting', () => {
    const { advice } = diagnose(failed('authenticate', 'the target was not trusted: wrong server signature'), target)
    expect(advice).toMatch(/before you weaken/)
  })

  it('a busy target asks for no change', () => {
    expect(diagnose(failed('authenticate', 'refused by the target: 53300 too many'), target).remedy).toBe('none')
  })

  it('every step that can fail says what to do, whatever the reason', () => {
    for (const step of TEST_STEPS) expect(diagnose(failed(step, 'something new'), target).advice).not.toBe('')
  })
})
