import pg from 'pg'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { eventsOf, sessionsOf } from '../fixtures/api'
import { connectThrough, type Through } from '../fixtures/connect'
import { requireProgram, run as runProgram } from '../fixtures/programs'
import { approve, pendingReview, rejectAll } from '../fixtures/reviews'

const { sallyport, target } = inject('shared')
const psqlProgram = requireProgram('psql', 'postgresql-client')
const NAME = 'facts'
const FREE = 'facts-free'
let guarded: Through
let free: Through
let admin: postgres.Sql

beforeAll(async () => {
  const direct = { host: '127.0.0.1', port: target.port, user: 'postgres', password: target.password, max: 1 }
  const server = postgres({ ...direct, database: 'postgres' })
  await server.unsafe('CREATE DATABASE facts')
  await server.end()
  admin = postgres({ ...direct, database: 'facts', onnotice: () => undefined })
  await admin.unsafe(`CREATE TABLE t (id int, name varchar); CREATE SEQUENCE counter; CREATE TABLE log (x text);
    INSERT INTO t SELECT i, 'name ' || i FROM generate_series(1, 10) i;
    CREATE VIEW good AS SELECT id FROM t; CREATE VIEW bad AS SELECT nextval('counter');
    CREATE FUNCTION noisy() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES ('ran'); RETURN 1; END $$;
    CREATE FUNCTION quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1; END $$;
    CREATE VIEW shared AS SELECT 1::bigint AS id; CREATE TABLE watched (id int); CREATE TABLE dropped (id int);
    CREATE FUNCTION moves() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM set_config('search_path', 'elsewhere, public', false); RETURN NEW; END $$;
    CREATE TRIGGER moves BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION moves()`)
  guarded = await connectThrough(sallyport, { name: NAME, target, database: 'facts', guard: 'on', hold: 'ticket' })
  free = await connectThrough(sallyport, { name: FREE, target, database: 'facts' })
})

afterEach(() => rejectAll(sallyport, NAME))
afterAll(() => admin.end())

async function client({ port, user, password, database }: Through): Promise<pg.Client> {
  const connected = new pg.Client({ host: '127.0.0.1', port, user, password, database })
  connected.on('error', () => undefined)
  await connected.connect()
  return connected
}

/** Runs statements as the agent in one session: rows, or the error's first words. */
async function run(...statements: (string | { text: string; values: unknown[] })[]): Promise<unknown[]> {
  const agent = await client(guarded)
  const results: unknown[] = []
  for (const statement of statements) {
    const one = (error: Error) => /^\[sallyport:(\w+)/.exec(error.message)?.[1] ?? error.message
    results.push(await agent.query(statement).then(({ rowCount }) => rowCount, one))
  }
  await agent.end()
  return results
}

test('tables and views that only read are open to an agent, with and without values', async () => {
  expect(
    await run(
      ...['SELECT * FROM t', 'SELECT count(*) FROM good', "SELECT lower('X')", 'SELECT name FROM t WHERE id IN (1, 2)'],
      { text: 'SELECT * FROM public.good WHERE id = $1', values: [3] },
    ),
  ).toEqual([10, 1, 1, 2, 1])
})

test('what looks as if it read and does more is not run', async () => {
  const before = await admin`SELECT last_value, is_called FROM counter`
  expect(
    await run(
      ...['SELECT * FROM bad', 'SELECT noisy()', 'TABLE bad', 'EXPLAIN ANALYZE SELECT * FROM bad'],
      'WITH x AS (SELECT * FROM bad) SELECT * FROM x',
    ),
  ).toEqual(['pending', 'pending', 'pending', 'pending', 'pending'])
  expect(await admin`SELECT last_value, is_called FROM counter`).toEqual(before)
  expect(await admin`SELECT * FROM log`).toHaveLength(0)
})

const psql = ({ port, user, password, database }: Through, command: string) =>
  runProgram(psqlProgram, ['-X', '-A', '-t', '-c', command], {
    env: { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database },
  })

test('with psql a plain view is read, and one over nextval() is held', async () => {
  expect((await psql(guarded, 'SELECT count(*) FROM good')).stdout.trim()).toBe('10')
  const held = await psql(guarded, 'SELECT nextval FROM bad')
  expect([held.stdout, held.stderr]).toEqual(['', expect.stringContaining('[sallyport:pending')])
})

test('a view that one session makes another is seen by the next statement of every other, through any connection', async () => {
  const agent = await client(guarded)
  expect((await agent.query('SELECT * FROM shared')).rows).toEqual([{ id: '1' }])
  await psql(free, "CREATE OR REPLACE VIEW shared AS SELECT nextval('counter') AS id")
  const refused = await agent.query('SELECT * FROM shared').catch((error: Error) => error)
  expect(String(refused)).toContain('[sallyport:pending')
  await agent.end()
})

test('a search path that a trigger sets is noticed: what was approved under another one is not run', async () => {
  expect(await run('DROP TABLE dropped')).toEqual(['pending'])
  await approve(sallyport, (await pendingReview(sallyport, NAME, 'DROP TABLE dropped')).id)
  expect(await run('INSERT INTO watched VALUES (1)', 'DROP TABLE dropped')).toEqual([1, 'pending'])
  expect(await run('DROP TABLE dropped')).toEqual([null])
})

test('a Bind of what may run code while it is planned does not reach the target before its verdict', async () => {
  const agent = await client(guarded)
  const refused = await agent.query({ text: 'SELECT quiet(1), $1::int', values: [1] }).catch((error: Error) => error)
  expect(String(refused)).toContain('[sallyport:pending')
  expect((await agent.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await agent.end()
})

test('a value that a client declares to be of a domain is not checked, which runs code, before a verdict', async () => {
  await admin.unsafe(`CREATE FUNCTION noted(text) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO log VALUES ($1); RETURN true; END $$; CREATE DOMAIN noted_text AS text CHECK (noted(VALUE))`)
  const [domain] = await admin<{ oid: number }[]>`SELECT 'noted_text'::regtype::oid::int AS oid`
  const { port, user, password, database } = guarded
  const agent = postgres({ host: '127.0.0.1', port, username: user, password, database, max: 1 })
  const refused = await agent`SELECT ${agent.typed('x', domain?.oid ?? 0)}`.catch((error: Error) => error)
  expect(String(refused)).toContain('[sallyport:pending')
  expect(await agent`SELECT ${agent.typed('x', 25)} AS x`).toEqual([{ x: 'x' }])
  await agent.end()
  expect(await admin`SELECT * FROM log WHERE x = 'x'`).toHaveLength(0)
})

test('a function that takes the name of one of the server is noticed before the next statement, whoever made it', async () => {
  const [agent, maker] = [await client(guarded), await client(free)]
  expect((await agent.query('SELECT lower(name) FROM t')).rowCount).toBe(10)
  await maker.query(`CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO log VALUES ('shadow'); RETURN 'x'; END $$`)
  const refused = await agent.query('SELECT lower(name) FROM t').catch((error: Error) => error)
  expect(String(refused)).toContain('[sallyport:pending')
  await maker.query('DROP FUNCTION public.lower(varchar)')
  await expect.poll(() => agent.query('SELECT lower(name) FROM t').then(({ rowCount }) => rowCount)).toBe(10)
  expect(await admin`SELECT * FROM log`).toHaveLength(0)
  await agent.end()
  await maker.end()
})

test('what a session made and has not committed is not taken for what it was', async () => {
  const agent = await client(free)
  await agent.query('BEGIN')
  await agent.query("CREATE VIEW fresh AS SELECT nextval('counter')")
  await agent.query('SELECT * FROM fresh')
  await agent.query('ROLLBACK')
  await agent.end()
  const recorded = async () => {
    const sessions = await sessionsOf(sallyport, FREE)
    const events = await Promise.all(sessions.map(({ id }) => eventsOf(sallyport, id)))
    return events.flat().flatMap((event) => {
      return event.kind === 'operation.intent' && event.text === 'SELECT * FROM fresh' ? event.facts?.standing : []
    })
  }
  await expect.poll(recorded, { timeout: 10_000 }).toEqual(['opaque'])
})

test('texts that the target reads otherwise than the gateway are not understood', async () => {
  expect(
    await run(
      'SET standard_conforming_strings = off',
      "SELECT '\\'; DROP TABLE t; --'",
      'SELECT 1',
      'RESET standard_conforming_strings',
      "SELECT '\\'",
    ),
  ).toEqual([null, 'pending', 1, null, 1])
  expect(await admin`SELECT to_regclass('t') IS NOT NULL AS there`).toEqual([{ there: true }])
})

test('EXECUTE and FETCH are judged by what they run', async () => {
  expect(
    await run(
      ...['PREPARE q AS SELECT count(*) FROM t', 'EXECUTE q', 'PREPARE d AS DELETE FROM t', 'BEGIN'],
      ...['DECLARE c CURSOR FOR SELECT * FROM t', 'FETCH 3 FROM c', 'COMMIT', 'EXECUTE unheard_of'],
    ),
  ).toEqual([null, 1, 'pending', null, null, 3, null, 'pending'])
})
