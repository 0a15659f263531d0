import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../crypto/canonical'
import { cutIntent } from './intent-line'

/** Texts that look like parts of a line. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    ',"kind":"operation.intent"',
    '"at":1',
    '"type":"x"',
    ',"facts":{}',
    ',"formats":[1]',
  ),
  fc.constantFrom(
    '"decision":{"effect":"deny"',
    '{"a":{"facts":{}}}',
    '\n',
    '\u2028',
    '\\u0022at\\u0022:9',
    ',"own":true',
    ',"continues":1',
  ),
)
const texts = fc.array(hostile, { maxLength: 3 })
const facts = fc.record({
  ...{ columns: texts, functions: texts, kinds: texts, objects: texts, reads: texts, settings: texts, writes: texts },
  ...{ unfiltered: texts, unknownFunctions: texts, readOnly: fc.boolean(), statements: fc.nat(), standing: hostile },
})
const intent = fc.record(
  {
    kind: fc.constant('operation.intent'),
    ...{ v: fc.constant(1), at: fc.nat(), seq: fc.nat(), op: fc.nat(), text: hostile },
    type: fc.constantFrom('query', 'prepare', 'bind', 'execute', 'function-call'),
    effect: fc.constantFrom('read', 'write'),
    decision: fc.record({ effect: fc.constantFrom('allow', 'deny', 'hold'), policy: hostile, reason: hostile }),
    alerts: fc.array(fc.record({ policy: hostile, severity: fc.constant('info') }), { maxLength: 2 }),
    binds: fc.array(fc.option(fc.record({ text: hostile })), { maxLength: 2 }),
    ...{ encoding: fc.constant('base64'), formats: fc.array(fc.nat(), { maxLength: 2 }), maxRows: fc.nat(), facts },
    ...{ own: fc.constant(true), continues: fc.nat() },
    ...{ policies: fc.nat(), portal: hostile, statement: hostile },
  },
  { requiredKeys: ['kind', 'v', 'at', 'seq', 'op', 'text', 'type', 'effect', 'decision'] },
)

it('is cut as it would be parsed, whatever the texts in it say', () => {
  fc.assert(
    fc.property(intent, (event) => {
      const cut = cutIntent(canonicalJson(event as unknown as Json))
      const parts = {
        ...{ at: event.at, type: event.type, before: event.decision.effect },
        facts: event.facts === undefined ? null : canonicalJson(event.facts),
      }
      expect(cut).toEqual(event.own === undefined && event.continues === undefined ? parts : null)
    }),
    { numRuns: 2_000 },
  )
})

it('is none when it is another event, whatever its texts say', () => {
  fc.assert(
    fc.property(hostile, hostile, (message, reason) => {
      const event = { kind: 'operation.outcome', v: 1, at: 1, seq: 1, op: 1, error: { message }, reason }
      expect(cutIntent(canonicalJson(event))).toBeNull()
    }),
  )
})
