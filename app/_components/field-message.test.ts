import { expect, it } from 'vitest'
import { fieldMessage } from './field-message'

it('says what is wrong without the path of the field', () => {
  expect(fieldMessage('settings.tls: must be one of them')).toBe('Must be one of them')
  expect(fieldMessage('secrets.password: the address changed: enter it again.')).toBe(
    'The address changed: enter it again.',
  )
})

it('leaves a sentence alone', () => {
  expect(fieldMessage('Somebody else changed this: load it again.')).toBe('Somebody else changed this: load it again.')
})
