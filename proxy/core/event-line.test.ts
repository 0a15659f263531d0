import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '#lib/crypto/canonical'
import { OPERATION_TYPES, type OperationStatus } from '#lib/domain/event'
import { type IntentFacts, intentLine, outcomeLine } from './event-line'
import type { Operation, Verdict } from './ports'

const count = fc.nat()
const range = fc.tuple(count, count)
const text = fc.string({ unit: 'binary' })
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const decision = fc.record({ effect: fc.constantFrom('allow', 'deny', 'hold'), policy: text, reason: text })
const alert = fc.record({ policy: text, severity: fc.constantFrom('info', 'warning', 'critical') })
const verdict = fc.record({
  decision,
  policies: optional(count),
  alerts: optional(fc.array(alert, { minLength: 1 })),
}) as fc.Arbitrary<Verdict>
const facts = fc.dictionary(text, fc.oneof(text, count, fc.boolean(), fc.array(text)))
const bind = fc.oneof(
  fc.constant(null),
  fc.record({ text }),
  fc.record({ base64: fc.base64String() }),
  fc.record({ format: fc.constantFrom('text', 'binary'), in: range, sha256: fc.base64String() }),
)

const operation = fc.record({
  type: fc.constantFrom(...OPERATION_TYPES),
  text,
  encoding: optional(fc.constant('base64' as const)),
  statement: optional(text),
  portal: optional(text),
  maxRows: optional(count),
  formats: optional(fc.array(fc.constantFrom(0, 1))),
  effect: fc.constantFrom('read', 'write'),
  state: fc.constant(null),
  continues: optional(fc.record({ op: count })),
  facts: fc.option(facts.map((known) => ({ facts: known, json: canonicalJson(known) }))),
}) as unknown as fc.Arbitrary<Operation>

const STATUSES: readonly OperationStatus[] = ['ok', 'error', 'suspended', 'refused', 'skipped', 'cancelled', 'unknown']
const outcome = fc.record({
  at: count,
  seq: count,
  op: count,
  status: fc.constantFrom(...STATUSES),
  durationUs: count,
  rows: count,
  statements: fc.array(fc.record({ tag: text, rows: count })),
  error: optional(fc.record({ code: text, severity: text, message: text })),
  out: range,
  outSha256: fc.base64String(),
  in: optional(range),
  inSha256: optional(fc.base64String()),
  layoutAt: optional(count),
  cut: optional(fc.constant(true as const)),
})

describe('lines by template', () => {
  it('of intents are the canonical form of the event', () => {
    fc.assert(
      fc.property(
        operation,
        verdict,
        optional(fc.array(bind)) as fc.Arbitrary<IntentFacts['binds']>,
        fc.tuple(count, count, count, fc.boolean()),
        (op, judged, binds, [at, seq, number, own]) => {
          const { state, facts: known, continues, ...rest } = op
          const { decision: decided, alerts, policies } = judged
          const event = { ...rest, v: 1, kind: 'operation.intent', at, seq, op: number, binds, alerts, policies }
          const marks = { ...(own && { own }), ...(continues && { continues: continues.op }) }
          const whole = { ...event, ...marks, decision: decided, ...(known && { facts: known.facts }) }
          const intent = { at, seq, op: number, own, verdict: judged, binds }
          expect(intentLine(op, intent)).toBe(canonicalJson(whole as unknown as Json))
          // The second time from what was kept of the verdict.
          expect(intentLine(op, intent)).toBe(canonicalJson(whole as unknown as Json))
        },
      ),
    )
  })

  it('of outcomes are the canonical form of the event', () => {
    fc.assert(
      fc.property(outcome, (event) => {
        const whole = { ...event, v: 1, kind: 'operation.outcome' }
        expect(outcomeLine(event)).toBe(canonicalJson(whole as unknown as Json))
      }),
    )
  })

  it('never hold a bare line end, whatever the text', () => {
    fc.assert(
      fc.property(operation, (op) => {
        const line = intentLine(op, {
          at: 1,
          seq: 1,
          op: 1,
          own: false,
          verdict: { decision: { effect: 'allow', policy: 'a\nb', reason: '' } },
          binds: [{ text: '\n' }],
        })
        expect(line).not.toContain('\n')
      }),
    )
  })
})
