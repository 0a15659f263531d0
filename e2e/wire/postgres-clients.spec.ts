import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connectThrough, type Through } from '../fixtures/connect'
import { type Finished, requireProgram, run } from '../fixtures/programs'

const { sallyport, target } = inject('shared')
const psqlProgram = requireProgram('psql', 'postgresql-client')
let through: Through
let folder: string

const SETUP = `
CREATE TYPE mood AS ENUM ('calm', 'tense');
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, born date, mood mood DEFAULT 'calm', tags text[], extra jsonb);
CREATE INDEX people_name ON people (name);
COMMENT ON TABLE people IS 'who lives here';
CREATE VIEW adults AS SELECT id, name FROM people WHERE born < '2008-01-01';
CREATE FUNCTION greet(who text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'hello ' || who $$;
CREATE SEQUENCE tickets;
CREATE TABLE parted (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE parted_2026 PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO people SELECT i, 'name ' || i, '1990-01-01'::date + i, 'calm', ARRAY['a', 'b' || i], jsonb_build_object('i', i) FROM generate_series(1, 500) i;
`

function environment(route: 'direct' | 'through'): Record<string, string> {
  const direct = { PGPORT: String(target.port), PGUSER: 'postgres', PGPASSWORD: target.password, PGDATABASE: 'clients' }
  const gateway = {
    PGPORT: String(through.port),
    PGUSER: 'anybody',
    PGPASSWORD: through.password,
    PGDATABASE: through.database,
  }
  return { PGHOST: '127.0.0.1', PGSSLMODE: 'disable', ...(route === 'direct' ? direct : gateway) }
}

const psql = (route: 'direct' | 'through', args: readonly string[], input?: string): Promise<Finished> =>
  run(psqlProgram, ['-X', ...args], { env: environment(route), ...(input === undefined ? {} : { input }) })

/** The same psql call over both routes. */
async function both(args: readonly string[], input?: string): Promise<{ direct: Finished; gateway: Finished }> {
  const [direct, gateway] = [await psql('direct', args, input), await psql('through', args, input)]
  return { direct, gateway }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-clients-'))
  const admin = postgres({
    host: '127.0.0.1',
    port: target.port,
    user: 'postgres',
    password: target.password,
    database: 'postgres',
    max: 1,
  })
  await admin.unsafe('CREATE DATABASE clients')
  await admin.end()
  // The connection bears the database's own name, so that psql's prompts and titles are the same on both routes.
  through = await connectThrough(sallyport, { name: 'clients', target, database: 'clients' })
  const made = await psql('direct', ['-q', '-v', 'ON_ERROR_STOP=1'], SETUP)
  expect(made.stderr).toBe('')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  '\\d',
  '\\d people',
  '\\d+ people',
  '\\d+ adults',
  '\\d+ parted',
  '\\dt+',
  '\\di+',
  '\\ds+',
  '\\dv+',
  '\\df+ greet',
  '\\dT+',
  '\\dn+',
  '\\du+',
  '\\l',
  '\\dp',
  '\\dx',
  '\\dd',
  '\\dO',
  '\\dC',
  '\\da',
  '\\sf greet',
  '\\sv adults',
  '\\dconfig search_path',
  '\\db+',
  '\\dy',
])('psql %s prints the same through the gateway', async (command) => {
  const { direct, gateway } = await both(['-c', command])
  expect(gateway.stderr).toBe(direct.stderr)
  expect(gateway.stdout).toBe(direct.stdout)
  expect(direct.stdout.length + direct.stderr.length).toBeGreaterThan(0)
})

test('errors, notices, transactions and several statements in one message look the same', async () => {
  const script = `\\set VERBOSITY verbose
SELECT 1 AS one; SELECT 2 AS two \\; SELECT 3 AS three;
SELECT * FROM nowhere;
DO $$ BEGIN RAISE NOTICE 'noted %', 1; RAISE WARNING 'careful'; END $$;
BEGIN; INSERT INTO people (id, name) VALUES (9001, 'x'); SELECT 1/0; SELECT 'still'; ROLLBACK;
BEGIN; SAVEPOINT s; SELECT 1/0; ROLLBACK TO s; SELECT 'back'; COMMIT;
SELECT count(*) FROM people;
SELECT NULL AS nothing, '' AS empty, E'tab\\there' AS tab, 'ünïcödé' AS unicode;
;
PREPARE q(int) AS SELECT name FROM people WHERE id = $1; EXECUTE q(3); DEALLOCATE q;
BEGIN; DECLARE c CURSOR FOR SELECT id FROM people ORDER BY id; FETCH 2 FROM c; MOVE 5 FROM c; FETCH BACKWARD 1 FROM c; CLOSE c; COMMIT;
\\gdesc
SELECT 1 AS a, 'b' AS b \\gdesc
LISTEN here; NOTIFY here, 'payload';
SELECT pg_notify('here', 'again');
SHOW TimeZone; SET TimeZone TO 'Asia/Tokyo'; SHOW TimeZone;
`
  const { direct, gateway } = await both(['-a'], script)
  const normal = (text: string) => text.replaceAll(/PID \d+/g, 'PID n')
  expect(normal(gateway.stderr)).toBe(normal(direct.stderr))
  expect(normal(gateway.stdout)).toBe(normal(direct.stdout))
  expect(direct.stdout).toContain('received from server process')
})

test('COPY goes in and out unharmed, and a failing COPY leaves the connection usable', async () => {
  const rows = Array.from(
    { length: 20_000 },
    (_, i) => `${i + 10_000}\tcopied ${i}\\n\t2000-01-01\tcalm\t{x,y}\t{"i": ${i}}`,
  ).join('\n')
  const source = join(folder, 'rows.tsv')
  writeFileSync(source, `${rows}\n`)
  const script = (out: string) => `BEGIN;
\\copy people from '${source}'
\\copy (SELECT * FROM people ORDER BY id) to '${out}'
ROLLBACK;
\\copy people from '${source}' with (format csv)
\\copy (SELECT id, name FROM people ORDER BY id LIMIT 100) to '${out}.bin' with (format binary)
COPY (SELECT 1/0) TO STDOUT;
SELECT count(*) FROM people;
`
  const direct = await psql('direct', [], script(join(folder, 'direct')))
  const gateway = await psql('through', [], script(join(folder, 'through')))
  expect(gateway.stdout).toBe(direct.stdout)
  expect(gateway.stderr).toBe(direct.stderr)
  for (const ending of ['', '.bin']) {
    const there = readFileSync(join(folder, `through${ending}`))
    expect(there.equals(readFileSync(join(folder, `direct${ending}`)))).toBe(true)
    expect(there.length).toBeGreaterThan(1000)
  }
})

test('large objects go in and come out byte for byte through their functions', async () => {
  const script = `SELECT lo_from_bytea(4711, convert_to(repeat('lärge', 40000), 'UTF8'));
SELECT lo_put(4711, 100000, '\\x00ff00ff');
SELECT length(lo_get(4711)), md5(lo_get(4711)), lo_get(4711, 99998, 8);
BEGIN; SELECT lo_open(4711, 262144) AS fd; SELECT loread(0, 12); SELECT lo_lseek64(0, 0, 2); COMMIT;
SELECT lo_unlink(4711);
`
  const { direct, gateway } = await both(['-At'], script)
  expect(gateway).toEqual(direct)
  expect(direct.stdout).toContain('\\x')
})

test.each(['import', 'export 42', 'unlink 42'])(
  '\\lo_%s, a function called by number, is refused in words, and the connection stays usable',
  async (command) => {
    const file = join(folder, 'object.bin')
    writeFileSync(file, 'anything')
    const done = await psql(
      'through',
      ['-At'],
      `\\lo_${command}${command.startsWith('unlink') ? '' : ` '${file}'`}\nSELECT 42;\n`,
    )
    expect(done.stderr).toContain('[sallyport:denied] gateway: function calls by number are not supported')
    expect(done.stderr).toContain('HINT:  Call it by its name, with SELECT.')
    expect(done.stdout).toContain('42')
  },
)

test('Ctrl-C in psql cancels the statement on the target', async () => {
  const child = spawn(psqlProgram, ['-X'], { env: { ...process.env, ...environment('through') } })
  const closed = once(child, 'close')
  let printed = ''
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const admin = postgres({
    host: '127.0.0.1',
    port: target.port,
    user: 'postgres',
    password: target.password,
    database: 'clients',
    max: 1,
  })
  child.stdin.write("SELECT 'sleeper', pg_sleep(60);\n")
  await expect
    .poll(
      async () =>
        (
          await admin`SELECT 1 FROM pg_stat_activity WHERE query LIKE '%sleeper%' AND state = 'active' AND pid <> pg_backend_pid()`
        ).length,
      { timeout: 15_000 },
    )
    .toBe(1)
  child.kill('SIGINT')
  // A psql that runs a script gives up after it: code 3.
  expect(await closed).toEqual([3, null])
  expect(printed).toContain('canceling statement due to user request')
  await admin.end()
})

test('pg_dump writes the same dump through the gateway', async () => {
  const program = requireProgram('pg_dump', 'postgresql-client')
  const direct = await run(program, [], { env: environment('direct') })
  const gateway = await run(program, [], { env: environment('through') })
  expect(gateway.stderr).toBe(direct.stderr)
  // The newest releases of pg_dump fence their output with a random key.
  const normal = (text: string) => text.replaceAll(/^\\(un)?restrict .*$/gm, '')
  expect(normal(gateway.stdout)).toBe(normal(direct.stdout))
  expect(direct.stdout).toContain('COPY public.people')
})

test.each(['simple', 'extended', 'prepared'])(
  'pgbench runs its own script over the %s protocol without a failed transaction',
  async (mode) => {
    const program = requireProgram('pgbench', 'postgresql-contrib')
    const made = await run(program, ['-i', '-q'], { env: environment('through') })
    expect(made.code, made.stderr).toBe(0)
    const done = await run(program, ['-n', '-M', mode, '-c', '4', '-t', '50'], { env: environment('through') })
    expect(done.stderr).not.toContain('ERROR')
    expect(done.stdout).toContain('number of transactions actually processed: 200/200')
    expect(done.stdout).toContain('number of failed transactions: 0')
  },
)

test('psql in pipeline of single-row mode reads a result of a million rows', async () => {
  const done = await psql('through', [
    '-At',
    '-v',
    'FETCH_COUNT=1000',
    '-c',
    'SELECT i FROM generate_series(1, 1000000) i',
  ])
  expect(done.code).toBe(0)
  expect(done.stdout.trimEnd().split('\n').length).toBe(1_000_000)
})
