import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { STATEMENT_KINDS } from '../domain/sql-facts'
import { CEDAR_SCHEMA } from './schema'
import { policy } from './testing/judging'
import { validatePolicies } from './validate'

const DOC = readFileSync('docs/policies.md', 'utf8')

test('docs/policies.md names every part of the context and every kind of statement', () => {
  const parts = [...CEDAR_SCHEMA.matchAll(/(\w+)\??:/g)].map(([, name]) => name)
  expect(parts).toContain('unfiltered')
  const missing = [...parts, ...STATEMENT_KINDS].filter((name) => !new RegExp(`\\b${name}\\b`).test(DOC))
  expect(missing).toEqual([])
})

test('the recipes of docs/policies.md can be saved as they stand', () => {
  const [, text = ''] = /```cedar\n([\s\S]*?)```/.exec(DOC) ?? []
  expect(text).toContain('forbid')
  expect(validatePolicies([policy(text)])).toEqual([])
})
