import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HONEST_OBJECTS } from '#lib/sql/catalog/testing/hostile-objects'
import { makeDatabase, makeHostileDatabase, poolsOf, withClient } from './database'
import { type Embedded, startEmbedded } from './embedded'
import { judgeOf } from './judge'
import { Random } from './random'
import { harmless, Runner } from './runner'
import { HONEST } from './sources/cases'
import { combinations, mutations } from './sources/mutate'
import { sweep } from './sources/sweep'
import { type Report, tryStatements } from './trial'

/** Of all there is, so much is tried here; `npm run readonly` tries everything. */
const EVERY = 12
const MUTATIONS = 1_500

let server: Embedded
let url: string

beforeAll(async () => {
  server = await startEmbedded()
  url = await makeHostileDatabase(server.url)
}, 120_000)
afterAll(() => server.stop())

const every = (texts: Iterable<string>): string[] => [...texts].filter((_, at) => at % EVERY === 0)

async function trial(statements: Iterable<string>): Promise<Report> {
  return tryStatements(statements, { url, judge: await judgeOf(url), batchSize: 1_000 })
}

test('honest statements are known to only read', async () => {
  const honest = await makeDatabase(server.url, 'honest', HONEST_OBJECTS)
  const judge = await judgeOf(honest)
  expect(HONEST.filter((text) => !judge(text).facts.readOnly)).toEqual([])
})

test('nothing that is known to only read changes anything: every function, operator, type, relation and setting', async () => {
  const { changes, readOnly, judged } = await trial(every(await withClient(url, sweep)))
  expect(changes).toEqual([])
  expect(readOnly).toBeGreaterThan(judged * 0.7)
}, 120_000)

test('nothing that is known to only read changes anything: combinations and mutations', async () => {
  const pools = await withClient(url, poolsOf)
  const texts = [...every(combinations()), ...mutations(HONEST, pools, new Random(1), MUTATIONS)]
  const { changes, readOnly, judged } = await trial(texts)
  expect(changes).toEqual([])
  expect(readOnly).toBeGreaterThan(judged * 0.2)
}, 120_000)

describe('a change is noticed:', () => {
  let runner: Runner
  let judge: Awaited<ReturnType<typeof judgeOf>>
  beforeAll(async () => {
    runner = await Runner.open(url)
    judge = await judgeOf(url)
  })
  afterAll(() => runner.close())

  test.each([
    ["SELECT nextval('s')", /sequence s/],
    ['SELECT evil(1)', /sequence s/],
    ["INSERT INTO log VALUES ('y')", /table log/],
    ["BEGIN; INSERT INTO log VALUES ('y'); ROLLBACK", /transactions/],
    ['SELECT * FROM t FOR UPDATE', /table t/],
    ["SELECT lo_from_bytea(0, 'x')", /table pg_largeobject/],
    ['SELECT pg_advisory_lock(1)', /advisory locks/],
    ['CREATE TEMP TABLE x (a int)', /table pg_class/],
    ['COMMENT ON TABLE t IS $$x$$', /table pg_description/],
    ["COPY t TO '/proc/self/cwd/copied'", /files/],
    ["SELECT set_config('session_replication_role', 'replica', false)", /setting session_replication_role/],
    ['LISTEN x', /setting listens/],
    ['ALTER ROLE postgres SET work_mem = 100', /table pg_db_role_setting/],
    ["ALTER SYSTEM SET work_mem = '5MB'", /files/],
  ])('%s', async (text, part) => {
    const known = judge(text)
    expect(known.facts.readOnly).toBe(false)
    const { parts } = await runner.run([{ ...harmless(text, known), settings: [] }])
    expect(parts.join()).toMatch(part)
  })
})
