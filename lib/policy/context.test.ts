import { describe, expect, test } from 'vitest'
import { fitsSchema } from './cedar'
import { contextOf, entitiesOf } from './context'
import type { PolicySession } from './request'
import { CEDAR_SCHEMA } from './schema'
import { operation, session } from './testing/judging'

const ALL = new Set(['*'])
const fits = (who: PolicySession, sql: string | null) => {
  const asked = sql === null ? { ...operation(''), facts: null, type: 'function-call' as const } : operation(sql)
  return fitsSchema(CEDAR_SCHEMA, { ...entitiesOf(who), context: contextOf(who, asked, ALL) })
}

describe('what Cedar is asked', () => {
  test.each(['person', 'agent', 'service'] as const)('is what the schema says, of a %s', (kind) => {
    for (const sql of ['select 1', 'update hr.t set a = 1', 'not sql', "set role 'x'", null])
      expect(fits(session(kind), sql)).toBe(true)
    expect(fits(session(kind, { run: { id: 'run_1', label: '' } }), 'select 1')).toBe(true)
  })

  test('is told to be wrong where it is', () => {
    const who = session('agent')
    const context = { ...contextOf(who, operation('select 1'), ALL), hour: 'nine' }
    expect(fitsSchema(CEDAR_SCHEMA, { ...entitiesOf(who), context })).toBe(false)
  })

  test.each(['10.0.0.9', '::1', '::ffff:10.0.0.9', 'fe80::1%eth0'])('may come from %s', (address) => {
    expect(fits(session('person', { client: { address, application: '' } }), 'select 1')).toBe(true)
  })

  test('has relations by each name they go by', () => {
    const names = { key: 'k', schemasOf: (name: string) => (name === 't' ? ['a', 'b'] : []) }
    const asked = operation('select * from t, s.u, "x.y"."z.q", lone', { names })
    const { sql } = contextOf(session('agent'), asked, ALL) as { sql: { reads: string[] } }
    expect(sql.reads.toSorted()).toEqual(['"x.y"."z.q"', '"z.q"', 'a.t', 'b.t', 'lone', 's.u', 't', 'u'])
  })
})
