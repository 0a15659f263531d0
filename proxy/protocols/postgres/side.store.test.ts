import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import type { Authorized } from '#proxy/core/ports'
import { sides } from '#proxy/core/side'
import { systemTimer } from '#proxy/core/timer'
import { type Estimable, estimateRows } from './estimate'
import { cstring, message } from './handshake-messages'
import { askBeside, type SideParts, SideRefusal } from './side-session'
import { FakeGate } from './testing/fake-gate'
import { dialTo, reachTo, settingsWith } from './testing/reach'
import { ROLE_PASSWORD, startTargetServer, type TargetServer } from './testing/target-server'

let target: TargetServer
let gate: FakeGate
let parts: SideParts

const BOUNDS = { withinMs: 10_000, mostBytes: 1024 * 1024 }
const nothing = { write: () => true } as never

beforeAll(async () => {
  target = await startTargetServer()
  await target.admin('postgres', ['CREATE DATABASE own OWNER scram'])
})
afterAll(() => target.stop())

beforeEach(async () => {
  gate = new FakeGate(nothing, nothing)
  const { access } = reachTo(target.port, { secrets: { password: ROLE_PASSWORD } })
  parts = {
    access: access as unknown as Authorized,
    settings: settingsWith({ user: 'scram', database: 'own' }),
    gate,
    openSide: sides((reach) => dialTo(reach)),
    limits: LIMITS,
    startTimer: systemTimer,
  }
})

const query = (text: string) => ({ type: 'query', text, effect: 'read', facts: null, state: null }) as const

const run = (text: string, bounds = BOUNDS) =>
  askBeside(parts, bounds, (side) => side.ask(query(text), message('Q', cstring(text))))

test('what is asked beside a session is answered, and is an operation of that session', async () => {
  const results = await run("SELECT 1, NULL; SELECT 'ünï' AS x UNION ALL SELECT repeat('y', 10000)")
  expect(results).toEqual([[['1', null]], [['ünï'], ['y'.repeat(10_000)]]])
  expect(gate.owned.map(({ text }) => text.slice(0, 8))).toEqual(['SELECT 1'])
  expect(gate.ownSettled).toEqual([{ status: 'ok', rows: 3, statements: [] }])
})

test('an error of the target is one, and on record', async () => {
  await expect(run('SELECT 1/0')).rejects.toThrow(SideRefusal)
  expect(gate.ownSettled).toMatchObject([{ status: 'error', error: { code: '22012' } }])
})

test('a target that answers too much is not listened to', async () => {
  const asked = run("SELECT repeat('x', 1000) FROM generate_series(1, 5000)", { ...BOUNDS, mostBytes: 100_000 })
  await expect(asked).rejects.toThrow('too much')
  expect(gate.ownSettled).toMatchObject([{ status: 'unknown' }])
})

test('nor one that takes too long', async () => {
  await expect(run('SELECT pg_sleep(60)', { ...BOUNDS, withinMs: 500 })).rejects.toThrow('too long')
})

test('it ends with the session', async () => {
  const asked = run('SELECT pg_sleep(60)')
  setTimeout(() => gate.end('ended-by-person', { kind: 'unavailable', reason: 'ended' }), 200)
  await expect(asked).rejects.toThrow()
})

test('nothing is asked where nothing may be recorded', async () => {
  gate.own = () => null
  await expect(run('SELECT 1')).rejects.toThrow('nothing is asked')
})

describe('an estimate', () => {
  const usual: Estimable = { text: '', types: [], values: [], searchPath: 'public', role: 'scram' }
  const estimate = (change: Partial<Estimable>) => estimateRows(parts, { ...usual, ...change })

  beforeAll(async () => {
    await target.admin('own', [
      'CREATE SCHEMA "Odd ""one"""',
      'CREATE TABLE public.t (id int, name text)',
      'CREATE TABLE "Odd ""one""".t (id int, name text)',
      'CREATE TABLE public.p (id int) PARTITION BY LIST (id)',
      'CREATE TABLE public.p1 PARTITION OF p FOR VALUES IN (1)',
      'CREATE TABLE public.p2 PARTITION OF p FOR VALUES IN (2)',
      'CREATE SEQUENCE public.counter; GRANT ALL ON public.counter TO scram',
      "INSERT INTO public.t SELECT i, 'name ' || i FROM generate_series(1, 1000) i",
      'INSERT INTO "Odd ""one""".t SELECT i FROM generate_series(1, 7) i',
      'INSERT INTO public.p SELECT 1 + i % 2 FROM generate_series(1, 100) i',
      'CREATE ROLE boss; GRANT boss TO scram; GRANT ALL ON ALL TABLES IN SCHEMA public, "Odd ""one""" TO scram, boss',
      'GRANT USAGE ON SCHEMA public, "Odd ""one""" TO scram, boss',
      'ANALYZE',
    ])
  })

  test.each<[string, Partial<Estimable>, number | null, number | null]>([
    ['every row', { text: 'UPDATE t SET id = 1' }, 1000, 1000],
    ['a condition', { text: 'DELETE FROM t WHERE id <= 10; -- end' }, 10, 1000],
    ['a value', { text: 'DELETE FROM t WHERE id <= $1', types: [23], values: ['10'] }, 10, 1000],
    [
      'a value in binary',
      { text: 'DELETE FROM t WHERE id <= $1', types: [23], values: [Buffer.of(0, 0, 0, 10)] },
      10,
      1000,
    ],
    ['a value whose type the target infers', { text: 'DELETE FROM t WHERE id = $1', values: ['1'] }, 1, 1000],
    ['the search path', { text: 'DELETE FROM t', searchPath: '"Odd ""one""", public' }, 7, 7],
    ['the role in force', { text: 'DELETE FROM t', role: 'boss' }, 1000, 1000],
    ['a change inside a WITH', { text: 'WITH d AS (DELETE FROM t RETURNING id) SELECT count(*) FROM d' }, 1000, 1000],
    ['partitions', { text: 'DELETE FROM p' }, 100, 100],
    ['a merge', { text: 'MERGE INTO t USING p ON t.id = p.id WHEN MATCHED THEN DELETE' }, 100, 1000],
    ['a table that is not there', { text: 'DELETE FROM nowhere' }, null, null],
    ['a role that may not', { text: 'DELETE FROM t', role: 'postgres' }, null, null],
    ['no change at all', { text: 'SELECT 1' }, null, null],
  ])('knows %s', async (_, change, rows, of) => {
    const estimated = await estimate(change)
    expect(estimated).toEqual(rows === null ? null : { rows: expect.closeTo(rows, -1), of })
  })

  test('nothing of what is estimated runs, in a transaction that may only read', async () => {
    await estimate({ text: "UPDATE t SET id = nextval('public.counter')" })
    await estimate({ text: 'DELETE FROM t' })
    const counted = 'SELECT count(*), (SELECT is_called FROM public.counter) FROM public.t'
    expect(await run(counted)).toEqual([[['1000', 'f']]])
    expect(gate.owned.map(({ text }) => text)).toContain('EXPLAIN (FORMAT JSON, VERBOSE) DELETE FROM t')
    expect(gate.owned[0]?.text).toContain('BEGIN READ ONLY')
  })

  test('a search path cannot smuggle in another command', async () => {
    expect(await estimate({ text: 'DELETE FROM t', searchPath: "public'; DROP TABLE t; --" })).toBeNull()
    expect(await run('SELECT count(*) FROM public.t')).toEqual([[['1000']]])
  })
})
