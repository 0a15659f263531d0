import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStatement } from './cedar'
import { entitiesOf } from './context'
import { parseDocument } from './parse'
import { PreparedPool } from './prepared-pool'
import { canApply } from './scope'
import { Slice } from './slice'
import { brief, loaded, operation, policy, principal, session } from './testing/judging'

const applies = (scope: string, change: Parameters<typeof principal>[1] = {}) => {
  const tree = parseStatement(`permit (${scope});`)
  if ('message' in tree) throw new Error(tree.message)
  const who = session('agent', { principal: principal('agent', { groups: ['agents', 'a'], ...change }) })
  return canApply(tree, ...entitiesOf(who).entities)
}

test.each([
  ['principal, action, resource', true],
  ['principal is Agent, action, resource', true],
  ['principal is Person, action, resource', false],
  ['principal in Group::"a", action, resource', true],
  ['principal in Group::"A", action, resource', false],
  ['principal in Agent::"a", action, resource', false],
  ['principal in Agent::"pri_1", action, resource', true],
  ['principal == Agent::"pri_1", action, resource', true],
  ['principal == Person::"pri_1", action, resource', false],
  ['principal is Agent in Group::"a", action, resource', true],
  ['principal is Agent in Group::"b", action, resource', false],
  ['principal, action, resource == Connection::"shop"', true],
  ['principal, action, resource == Connection::"shop2"', false],
  ['principal, action, resource in Connection::"shop"', true],
  ['principal, action, resource is Connection', true],
])('(%s) can be about an agent on a connection: %s', (scope, expected) => {
  expect(applies(scope)).toBe(expected)
})

const oneOf = (...texts: string[]) => fc.constantFrom(...texts)
const scopes = fc
  .tuple(
    oneOf(
      'principal',
      ...['Agent', 'Person', 'Group'].map((type) => `principal is ${type}`),
      ...['Agent::"pri_1"', 'Person::"pri_1"', 'Group::"a"', 'Group::"b"'].flatMap((uid) => [
        `principal == ${uid}`,
        `principal in ${uid}`,
        `principal is Agent in ${uid}`,
      ]),
    ),
    oneOf(
      'resource',
      'resource == Connection::"shop"',
      'resource == Connection::"x"',
      'resource in Connection::"shop"',
    ),
  )
  .map(([who, on]) => `(${who}, action, ${on})`)
const documents = fc
  .array(fc.tuple(oneOf('permit', 'forbid'), scopes, oneOf('', ' when { context.none == 1 }')), { maxLength: 6 })
  .map((all) => all.map(([effect, scope, when], index) => policy(`${effect} ${scope}${when};`, `p${index}`)))

test('what is left out of a slice would not have changed a verdict', () => {
  fc.assert(
    fc.property(documents, oneOf('agent', 'person'), fc.subarray(['a', 'b']), (all, kind, groups) => {
      const who = session(kind as 'agent', { principal: principal(kind as 'agent', { groups }) })
      const pool = new PreparedPool()
      const whole = new Slice(
        all.flatMap((document) => parseDocument(document).statements),
        pool,
      )
      const sliced = loaded(...all)
      const asked = operation('select 1')
      const { verdict } = whole.answer({ session: who, entities: entitiesOf(who) }, asked)
      expect(brief(sliced.judge(who)(asked))).toBe(brief(verdict))
      pool.release()
      sliced.release()
    }),
    { numRuns: 100 },
  )
}, 30_000)
