import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { eventsOf } from '../fixtures/api'
import { connectThrough, type Through } from '../fixtures/connect'
import { requireProgram, run } from '../fixtures/programs'
import { approve, endOf, pendingReview, reject, rejectAll, reviewsOf } from '../fixtures/reviews'

const { sallyport, target } = inject('shared')
const psqlProgram = requireProgram('psql', 'postgresql-client')
const NAME = 'held'
const TICKETS = 'held-tickets'
let waiting: Through
let tickets: Through
let admin: postgres.Sql

beforeAll(async () => {
  const direct = { host: '127.0.0.1', port: target.port, user: 'postgres', password: target.password, max: 1 }
  const server = postgres({ ...direct, database: 'postgres' })
  await server.unsafe('CREATE DATABASE held')
  await server.end()
  admin = postgres({ ...direct, database: 'held', onnotice: () => undefined })
  const registration = { target, database: 'held', guard: 'on' } as const
  waiting = await connectThrough(sallyport, { ...registration, name: NAME })
  tickets = await connectThrough(sallyport, { ...registration, name: TICKETS, hold: 'ticket' })
})

beforeEach(async () => {
  await admin.unsafe(
    'DROP TABLE IF EXISTS t; CREATE TABLE t (id int, name text); CREATE TABLE IF NOT EXISTS log (x text)',
  )
  await admin.unsafe("INSERT INTO t SELECT i, 'name ' || i FROM generate_series(1, 1000) i; ANALYZE t")
})

afterEach(async () => {
  await rejectAll(sallyport, NAME)
  await rejectAll(sallyport, TICKETS)
})

afterAll(() => admin.end())

const rows = async () => Number((await admin`SELECT count(*) AS n FROM t`)[0]?.n)
const tableThere = async () => (await admin`SELECT to_regclass('t') AS t`)[0]?.t !== null

function environment(through: Through): Record<string, string> {
  const where = { PGHOST: '127.0.0.1', PGSSLMODE: 'disable', PGPORT: String(through.port), PGUSER: through.user }
  return { ...where, PGPASSWORD: through.password, PGDATABASE: through.database }
}

const psql = (through: Through, ...args: string[]) => run(psqlProgram, ['-X', ...args], { env: environment(through) })

/** `-P`: a script beside it has the name of a module. */
const python = (what: string) =>
  run('/usr/bin/python3', ['-P', fileURLToPath(new URL('drivers/held.py', import.meta.url)), what], {
    env: environment(waiting),
  })

interface Live {
  readonly child: ChildProcessWithoutNullStreams
  printed(): string
  readonly closed: Promise<unknown>
}

/** A psql that goes on running. */
function start(through: Through, ...args: string[]): Live {
  const child = spawn(psqlProgram, ['-X', ...args], { env: { ...process.env, ...environment(through) } })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, printed: () => text, closed: once(child, 'close') }
}

async function client(through: Through): Promise<{ pg: pg.Client; notices: string[] }> {
  const { port, user, password, database } = through
  const connected = new pg.Client({ host: '127.0.0.1', port, user, password, database })
  const notices: string[] = []
  connected.on('notice', (notice) => notices.push(notice.message ?? ''))
  connected.on('error', () => undefined)
  await connected.connect()
  return { pg: connected, notices }
}

test('psql is told at once that its command waits, and prints the result when it is approved', async () => {
  const { printed, closed } = start(waiting, '-c', 'DROP TABLE t')
  const review = await pendingReview(sallyport, NAME, 'DROP TABLE t')
  expect(printed()).toContain(`NOTICE:  [sallyport:held ${review.id}] waiting for approval: ${sallyport.url}/`)
  expect(printed()).toContain('HINT:')
  expect(await tableThere()).toBe(true)
  await approve(sallyport, review.id)
  expect(await closed).toEqual([0, null])
  expect(printed()).toMatch(/^DROP TABLE$/m)
  expect(await tableThere()).toBe(false)
  const used = (await reviewsOf(sallyport, NAME)).find(({ id }) => id === review.id)
  expect(used).toMatchObject({ state: 'approved', executed: true })
})

test('psql prints why its command was rejected, and nothing of it ran', async () => {
  const { printed, closed } = start(waiting, '-v', 'VERBOSITY=verbose', '-c', 'TRUNCATE t')
  const review = await pendingReview(sallyport, NAME, 'TRUNCATE t')
  await reject(sallyport, review.id, 'not on a Friday')
  expect(await closed).toEqual([1, null])
  expect(printed()).toContain(`ERROR:  42501: [sallyport:rejected ${review.id}] not on a Friday`)
  expect(printed()).toMatch(/DETAIL:\s+Session: http/)
  expect(printed()).toMatch(/HINT:\s+An approver said no/)
  expect(await rows()).toBe(1000)
})

test('the record has the hold, who approved it and what came of it, and the review the estimate', async () => {
  const { pg: held } = await client(waiting)
  const deleted = held.query('DELETE FROM t')
  const review = await pendingReview(sallyport, NAME, 'DELETE FROM t')
  const estimated = async () => (await reviewsOf(sallyport, NAME)).find(({ id }) => id === review.id)?.estimate
  await expect.poll(estimated, { timeout: 10_000 }).toEqual({ rows: 1000, of: 1000 })
  await approve(sallyport, review.id)
  expect((await deleted).rowCount).toBe(1000)
  await held.end()
  const { id: session, op } = review.session
  await expect
    .poll(async () => (await eventsOf(sallyport, session)).at(-1)?.kind, { timeout: 10_000 })
    .toBe('session.close')
  const events = (await eventsOf(sallyport, session)).filter((event) => 'op' in event && event.op === op)
  expect(events).toMatchObject([
    { kind: 'operation.intent', decision: { effect: 'hold' }, facts: { unfiltered: ['delete'] } },
    { kind: 'operation.held', review: review.id, mode: 'wait' },
    { kind: 'operation.reviewed', outcome: 'approved', decision: { effect: 'allow' } },
    { kind: 'operation.outcome', status: 'ok', rows: 1000 },
  ])
})

test('in ticket mode it is refused at once; the identical command runs once after its approval, and no more', async () => {
  const ask = () => psql(tickets, '-c', 'DELETE FROM t')
  const first = await ask()
  const review = await pendingReview(sallyport, TICKETS, 'DELETE FROM t')
  expect(first.code).toBe(1)
  expect(first.stderr).toContain(`[sallyport:pending ${review.id}] re-send the identical command once it is approved:`)
  expect((await ask()).stderr).toContain(`[sallyport:pending ${review.id}]`)
  await approve(sallyport, review.id)
  expect((await psql(tickets, '-c', 'DELETE  FROM t')).stderr).not.toContain(review.id)
  expect(await rows()).toBe(1000)
  expect((await ask()).stdout).toBe('DELETE 1000\n')
  const again = await ask()
  expect(again.stderr).toContain('[sallyport:pending ')
  expect(again.stderr).not.toContain(review.id)
})

test('a ticket is for the search path and the role that were approved', async () => {
  await admin.unsafe('CREATE SCHEMA IF NOT EXISTS other; CREATE TABLE IF NOT EXISTS other.t (id int)')
  await psql(tickets, '-c', 'TRUNCATE t')
  const review = await pendingReview(sallyport, TICKETS, 'TRUNCATE t')
  await approve(sallyport, review.id)
  const elsewhere = await psql(tickets, '-c', 'SET search_path = other', '-c', 'TRUNCATE t')
  expect(elsewhere.stderr).toContain('[sallyport:pending ')
  expect(elsewhere.stderr).not.toContain(review.id)
  expect((await psql(tickets, '-c', 'TRUNCATE t')).stdout).toBe('TRUNCATE TABLE\n')
})

test('bound values are part of what is approved: others are another command', async () => {
  const { pg: held } = await client(tickets)
  const alter = (value: string) => held.query('UPDATE t SET name = $1', [value]).catch((error: Error) => error)
  expect(String(await alter('one'))).toContain('[sallyport:pending')
  const review = await pendingReview(sallyport, TICKETS, 'UPDATE t SET name = $1')
  await approve(sallyport, review.id)
  expect(String(await alter('two'))).not.toContain(review.id)
  expect(await alter('one')).toMatchObject({ rowCount: 1000 })
  await held.end()
})

test('a rejection inside a transaction leaves it aborted, as PostgreSQL would', async () => {
  const { pg: held, notices } = await client(waiting)
  await held.query('BEGIN')
  await held.query('INSERT INTO log VALUES ($1)', ['inside'])
  const dropped = held.query('DROP TABLE t').catch((error: pg.DatabaseError) => error.code)
  const review = await pendingReview(sallyport, NAME, 'DROP TABLE t')
  await reject(sallyport, review.id, 'no')
  expect(await dropped).toBe('42501')
  expect(notices[0]).toContain(review.id)
  await expect(held.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
  await held.query('ROLLBACK')
  expect((await held.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await held.end()
  expect((await admin`SELECT count(*)::int AS n FROM log`)[0]?.n).toBe(0)
})

test('an approval inside a transaction goes on with it', async () => {
  const { pg: held } = await client(waiting)
  await held.query('BEGIN')
  await held.query('INSERT INTO log VALUES ($1)', ['inside'])
  const emptied = held.query('TRUNCATE t')
  await approve(sallyport, (await pendingReview(sallyport, NAME, 'TRUNCATE t')).id)
  await emptied
  await held.query('ROLLBACK')
  expect(await rows()).toBe(1000)
  await held.end()
})

test('of two statements in one message neither runs when the second is rejected', async () => {
  const text = "INSERT INTO log VALUES ('first'); DROP TABLE t"
  const { printed, closed } = start(waiting, '-c', text)
  const review = await pendingReview(sallyport, NAME, text)
  await reject(sallyport, review.id, 'no')
  await closed
  expect(printed()).toContain('[sallyport:rejected')
  expect((await admin`SELECT count(*)::int AS n FROM log`)[0]?.n).toBe(0)
  expect(await tableThere()).toBe(true)
})

test.each([
  ['a statement alone', 'DROP DATABASE held'],
  ['behind a harmless one', 'SELECT 1; DROP DATABASE held'],
  ['behind comments that nest', 'SELECT 1 /* a /* b */ ; */; DROP DATABASE held'],
  ['behind a comment that ends at a carriage return', 'SELECT 1; -- nothing \r DROP DATABASE held'],
  ['in other letters', 'dRoP\tdAtAbAsE"held"'],
])('what is forbidden reaches nobody, %s', async (_, text) => {
  const { pg: held } = await client(waiting)
  const refused = await held.query(text).catch((error: pg.DatabaseError) => error)
  expect(refused).toMatchObject({ code: '42501' })
  expect(String(refused)).toContain('[sallyport:denied] starter-no-drop-database:')
  expect((await held.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await held.end()
  expect(await admin`SELECT 1 AS there FROM pg_database WHERE datname = 'held'`).toHaveLength(1)
})

test('Ctrl-C takes a held command back, as PostgreSQL says it, and the review closes', async () => {
  const { child, printed, closed } = start(waiting)
  child.stdin.write('DROP TABLE t;\n')
  const review = await pendingReview(sallyport, NAME, 'DROP TABLE t;')
  child.kill('SIGINT')
  await closed
  expect(printed()).toContain('canceling statement due to user request')
  expect(await endOf(sallyport, NAME, review.id)).toBe('cancelled')
  expect(await tableThere()).toBe(true)
})

test('a driver that cancels goes on with its connection', async () => {
  const done = await python('cancel')
  expect(done.stderr).toBe('')
  expect(done.stdout).toBe('57014 canceling statement due to user request\nheld True\nusable 1\n')
})

test('when its client goes away the review closes, and nothing of it runs', async () => {
  const { child, closed } = start(waiting, '-c', 'DROP TABLE t')
  const review = await pendingReview(sallyport, NAME, 'DROP TABLE t')
  child.kill('SIGKILL')
  await closed
  expect(await endOf(sallyport, NAME, review.id)).toBe('cancelled')
  expect(await tableThere()).toBe(true)
})

test('when the target ends the idle transaction the client reads that, and the review closes', async () => {
  const { pg: held } = await client(waiting)
  await held.query("SET idle_in_transaction_session_timeout = '2s'")
  await held.query('BEGIN')
  const dropped = held.query('DROP TABLE t').catch((error: pg.DatabaseError) => error)
  const review = await pendingReview(sallyport, NAME, 'DROP TABLE t')
  expect(await endOf(sallyport, NAME, review.id)).toBe('cancelled')
  expect(await dropped).toMatchObject({ code: '25P03' })
  expect(await tableThere()).toBe(true)
})

test('a pipeline goes on behind what is held: each command with its own result', async () => {
  const running = python('pipeline')
  const review = await pendingReview(sallyport, NAME, 'DELETE FROM t')
  expect((await admin`SELECT count(*)::int AS n FROM log WHERE x = 'behind'`)[0]?.n).toBe(0)
  await approve(sallyport, review.id)
  const done = await running
  expect(done.stderr).toBe('')
  expect(done.stdout).toBe('before 1\ndeleted 1000\nbehind 1\n')
})

test('a rejection in a pipeline skips what is behind it up to Sync, and no more', async () => {
  const running = python('rejected-pipeline')
  await reject(sallyport, (await pendingReview(sallyport, NAME, 'DELETE FROM t')).id, 'no')
  const done = await running
  expect(done.stderr).toBe('')
  expect(done.stdout).toBe('rejected 42501\nskipped\nnext segment 1\n')
  expect(await rows()).toBe(1000)
})
