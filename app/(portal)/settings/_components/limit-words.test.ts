import { expect, it } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import { limitLines } from './limit-words'

it('every limit the gateway enforces is shown, with its unit', () => {
  const lines = limitLines(LIMITS)
  expect(lines).toHaveLength(Object.keys(LIMITS).length)
  expect(lines.find((line) => line.label === 'One message')?.value).toBe('64 MiB')
  expect(lines.find((line) => line.label === 'Idle time')?.value).toBe('30 min')
  expect(lines.find((line) => line.label === 'SCRAM iterations a target may ask for')?.value).toBe('100,000')
})
