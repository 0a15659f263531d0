import { expect, test } from 'vitest'
import { VerdictCache } from './verdict-cache'

const verdict = { effect: 'allow', policies: [], alerts: [] } as const

test('keeps so many verdicts and no more, the latest', () => {
  const cache = new VerdictCache(3)
  for (const key of ['a', 'b', 'c', 'd']) cache.keep(key, verdict)
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.find(key) === verdict)).toEqual(['b', 'c', 'd'])
})
