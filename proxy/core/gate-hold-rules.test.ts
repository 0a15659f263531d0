import { expect, test } from 'vitest'
import { denialOf, unapprovable } from './gate-hold-rules'

test('what nobody can approve is denied in one sentence, by the policy that holds it', () => {
  const decision = { effect: 'hold', policy: 'no-drop', reason: 'A person looks at it first.' } as const
  expect(denialOf(unapprovable({ decision }, 'it has too many bytes'))).toEqual({
    kind: 'denied',
    policy: 'no-drop',
    reason: 'A person looks at it first; it must be approved, but it has too many bytes',
  })
})
