import { describe, expect, test } from 'vitest'
import { fitsSchema } from './cedar'
import { contextOf, entitiesOf } from './context'
import type { PolicySession } from './request'
import { CEDAR_SCHEMA } from './schema'
import { operation, principal, session } from './testing/judging'

const ALL = new Set(['*'])
const fits = (who: PolicySession, sql: string | null) => {
  const asked = sql === null ? { ...operation(''), facts: null, type: 'function-call' as const } : operation(sql)
  return fitsSchema(CEDAR_SCHEMA, { ...entitiesOf(who), context: contextOf(who, asked, ALL) ?? {} })
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

  test('has no name where an address belongs: somebody may be called like one', () => {
    const named = principal('person', { name: 'ceo@example.com', email: null })
    const { entities } = entitiesOf(session('agent', { onBehalfOf: named }))
    expect(entities[0]?.attrs).toEqual({ name: 'a agent', owner: '' })
  })

  test('says that nothing is clear or only read where a relation may be anywhere', () => {
    const names = { key: 'k', schemasOf: () => null }
    const clear = operation('insert into t values (1)', { names })
    expect(contextOf(session('agent'), clear, ALL)).toMatchObject({ sql: { standing: 'opaque', writes: ['t'] } })
    const unparsed = operation('selec', { names })
    expect(contextOf(session('agent'), unparsed, ALL)).toMatchObject({ sql: { standing: 'unparsed' } })
  })

  test('is nothing where it would be more than can be judged, soon', () => {
    const schemas = Array.from({ length: 100 }, (_, index) => `s${index}`)
    let asked = 0
    const names = {
      key: 'k',
      schemasOf: () => {
        asked += 1
        return schemas
      },
    }
    const locked = (count: number) =>
      operation(`lock ${Array.from({ length: count }, (_, index) => `t${index}`).join(', ')}`, { names })
    expect(contextOf(session('agent'), locked(150), ALL)).not.toBeNull()
    asked = 0
    expect(contextOf(session('agent'), locked(1_000), ALL)).toBeNull()
    expect(asked).toBeLessThan(1_250)
    expect(contextOf(session('agent'), locked(250), new Set(['sql.kinds']))).not.toBeNull()
  })
})
