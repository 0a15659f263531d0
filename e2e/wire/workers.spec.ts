import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionsOf } from '../fixtures/api'
import { connectThrough, type Through } from '../fixtures/connect'
import { type PostgresServer, startPostgresServer } from '../fixtures/postgres-server'
import { descendants, killHard } from '../fixtures/processes'
import { approve, pendingReview } from '../fixtures/reviews'
import { startSallyport } from '../fixtures/sallyport'

const CLIENTS = 8
let target: PostgresServer
let sallyport: Awaited<ReturnType<typeof startSallyport>>
let through: Through
let guarded: Through
let direct: pg.Client
const open: pg.Client[] = []

beforeAll(async () => {
  target = await startPostgresServer()
  await target.admin('postgres', ['CREATE DATABASE shared'])
  await target.admin('shared', ['CREATE TABLE t (id int)'])
  direct = new pg.Client({
    host: '127.0.0.1',
    port: target.port,
    user: 'postgres',
    password: target.password,
    database: 'shared',
  })
  await direct.connect()
  sallyport = await startSallyport({ demo: true, env: { SALLYPORT_WORKERS: '2' } })
  through = await connectThrough(sallyport, { name: 'shared', target, database: 'shared' })
  guarded = await connectThrough(sallyport, { name: 'guarded', target, database: 'shared', guard: 'on' })
}, 120_000)

afterAll(async () => {
  await Promise.all(open.map((client) => client.end().catch(() => undefined)))
  await sallyport.stop()
  await direct.end()
  await target.stop()
})

async function connected({ port, user, password, database }: Through): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database })
  client.on('error', () => undefined)
  await client.connect()
  open.push(client)
  return client
}

/** The processes that clients talk to: the primary only shares the listeners between them. */
const workers = () => descendants(sallyport.processId, 'sallyport proxy')

/** Clients that are asleep on the target. */
async function sleeping(): Promise<number> {
  const { rows } = await direct.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'  AND state = 'active'",
  )
  return rows[0]?.n ?? 0
}

/** As libpq does it: a connection that says nothing but whose statement is to end. */
async function cancel(client: pg.Client): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const socket = connect(through.port, '127.0.0.1')
  socket.end(request)
  socket.resume()
  await once(socket, 'close')
}

/** How many connections to the target a worker has. */
function connectionsOf(worker: number): number {
  const sockets = new Set<string>()
  for (const fd of readdirSync(`/proc/${worker}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${worker}/fd/${fd}`))?.[1]
      if (inode) sockets.add(inode)
    } catch {
      // Closed while we looked.
    }
  }
  const port = target.port.toString(16).toUpperCase().padStart(4, '0')
  const lines = readFileSync(`/proc/${worker}/net/tcp`, 'utf8').split('\n').slice(1)
  return lines.filter((line) => {
    const [, , remote, , , , , , , inode] = line.trim().split(/\s+/)
    return remote?.endsWith(`:${port}`) && sockets.has(inode ?? '')
  }).length
}

test('sessions of one connection are spread over both workers, and each can be cancelled through whichever answers', async () => {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connected(through)))
  await Promise.all(clients.map((client) => client.query('SELECT 1')))
  const counts = workers().map(connectionsOf)
  expect(counts.filter((count) => count > 0)).toHaveLength(2)
  const slept = clients.map((client) =>
    expect(client.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' }),
  )
  await expect.poll(sleeping, { timeout: 10_000 }).toBe(CLIENTS)
  // Each request comes on a connection of its own, which either worker may get.
  for (const client of clients) await cancel(client)
  await Promise.all(slept)
}, 60_000)

test('what waits on either worker goes on once it is approved', async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, () => connected(guarded)))
  const texts = clients.map((_, i) => `DELETE FROM t -- ${'abcd'[i]}`)
  const done = clients.map((client, i) => client.query(texts[i] ?? ''))
  for (const text of texts) await approve(sallyport, (await pendingReview(sallyport, 'guarded', text)).id)
  expect((await Promise.all(done)).map(({ command }) => command)).toEqual(Array(4).fill('DELETE'))
}, 60_000)

test('a worker that dies takes only its own sessions with it; they get their end, and another takes its place', async () => {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connected(through)))
  await Promise.all(clients.map((client) => client.query('SELECT 1')))
  const [first] = workers()
  if (first === undefined) throw new Error('there is no worker')
  killHard(first)
  const answers = await Promise.allSettled(clients.map((client) => client.query('SELECT 1')))
  const alive = answers.filter(({ status }) => status === 'fulfilled').length
  expect(alive).toBeGreaterThan(0)
  expect(alive).toBeLessThan(CLIENTS)
  await expect.poll(() => workers().length, { timeout: 30_000 }).toBe(2)
  const again = await Promise.all(Array.from({ length: CLIENTS }, () => connected(through)))
  await Promise.all(again.map((client) => client.query('SELECT 1')))
  await expect
    .poll(
      async () =>
        (await sessionsOf(sallyport, 'shared')).filter(({ endReason }) => endReason === 'gateway-crashed').length,
      {
        timeout: 60_000,
      },
    )
    .toBeGreaterThan(0)
}, 120_000)
