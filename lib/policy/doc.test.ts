import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { policy } from './testing/judging'
import { validatePolicies } from './validate'

test('the recipes of docs/policies.md can be saved as they stand', () => {
  const [, text = ''] = /```cedar\n([\s\S]*?)```/.exec(readFileSync('docs/policies.md', 'utf8')) ?? []
  expect(text).toContain('forbid')
  expect(validatePolicies([policy(text)])).toEqual([])
})
