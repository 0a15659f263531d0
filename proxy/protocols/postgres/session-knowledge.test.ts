import { expect, test } from 'vitest'
import type { Aftermath } from './aftermath'
import { Knowledge } from './session-knowledge'
import { NO_CATALOG } from './testing/no-catalog'

const NOTHING: Aftermath = { texts: false, state: false, names: false, rows: false, code: false, ends: false }
const parameters = new Map([['session_authorization', 'app']])
const PATH = { searchPath: 'a, public', role: 'none' }

test('what was set in a transaction is not relied on once it is over, however it ended', () => {
  const knowledge = new Knowledge(parameters, NO_CATALOG)
  knowledge.learned(PATH)
  knowledge.settled(knowledge.sent({ ...NOTHING, state: true }))
  knowledge.ready('T')
  knowledge.learned({ ...PATH, searchPath: 'inside' })
  expect(knowledge.state.searchPath).toEqual(['inside'])
  // No command of the client says that it ends: the target alone does.
  knowledge.ready('I')
  expect(knowledge.mustLearn).toBe(true)
  expect(knowledge.state.searchPath).toBeNull()
})

test('where the target does not say who signed in, nothing of its state is known', () => {
  const knowledge = new Knowledge(new Map(), NO_CATALOG)
  knowledge.learned(PATH)
  expect(knowledge.state).toEqual({ searchPath: null, role: null, sessionRole: null })
})
