import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionsOf } from '../fixtures/api'
import { connectThrough } from '../fixtures/connect'
import { freePort, type PostgresServer, startPostgresServer } from '../fixtures/postgres-server'
import { descendants, killHard } from '../fixtures/processes'
import { run } from '../fixtures/programs'
import { startSallyport } from '../fixtures/sallyport'

const COMMAND = fileURLToPath(new URL('../../bin/sallyport', import.meta.url))
let folder: string
let target: PostgresServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport start '))
  target = await startPostgresServer()
})

afterAll(async () => {
  await target.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startOnFreePorts(env: Record<string, string>) {
  const [portal, postgres] = [await freePort(), await freePort()]
  return run(process.execPath, [COMMAND, 'start'], {
    env: {
      SALLYPORT_HOME: join(folder, 'refused'),
      SALLYPORT_PORTAL_PORT: String(portal),
      SALLYPORT_POSTGRES_PORT: String(postgres),
      ...env,
    },
    timeoutMs: 60_000,
  })
}

const oneLine = (text: string) => text.trim().split('\n').length === 1

test('a port that is taken is one clear line that names it and the setting, and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const done = await startOnFreePorts({ SALLYPORT_POSTGRES_PORT: String(port) })
  other.close()
  expect(done.code).toBe(1)
  expect(done.stderr).toContain(String(port))
  expect(done.stderr).toContain('SALLYPORT_POSTGRES_PORT')
  expect(oneLine(done.stderr)).toBe(true)
})

test.each([
  ['SALLYPORT_LIMIT_TREE_DEPTH', '501', 'must be a whole number from 20 to 500'],
  ['SALLYPORT_LIMIT_REVIEW_MS', '15m', 'must be a whole number from 10000 to 86400000'],
  ['SALLYPORT_LIMIT_IDLE', '5', 'there is no such limit'],
])('%s=%s is one clear line that names it and what it may be, and exit code 1', async (setting, value, says) => {
  const done = await startOnFreePorts({ [setting]: value })
  expect(done.code).toBe(1)
  expect(done.stderr).toContain(`${setting}: ${says}`)
  expect(oneLine(done.stderr)).toBe(true)
})

test.each([
  ['not an address', 'nonsense', 'DATABASE_URL'],
  ['nobody there', 'postgres://a:b@127.0.0.1:1/x', '127.0.0.1:1'],
])('a DATABASE_URL with %s is one clear line and exit code 1', async (_, url, says) => {
  const done = await startOnFreePorts({ DATABASE_URL: url })
  expect(done.code).toBe(1)
  expect(done.stderr).toContain(says)
  expect(oneLine(done.stderr)).toBe(true)
})

test('a wrong password in DATABASE_URL is one clear line that does not show it', async () => {
  const done = await startOnFreePorts({
    DATABASE_URL: `postgres://postgres:not-the-password@127.0.0.1:${target.port}/postgres`,
  })
  expect(done.code).toBe(1)
  expect(done.stderr).not.toContain('not-the-password')
  expect(oneLine(done.stderr)).toBe(true)
})

test('a home that is a file is one clear line and exit code 1', async () => {
  const done = await startOnFreePorts({ SALLYPORT_HOME: COMMAND })
  expect(done.code).toBe(1)
  expect(oneLine(done.stderr)).toBe(true)
})

test('a PostgreSQL of one’s own serves as the store', async () => {
  const store = await startPostgresServer()
  await store.admin('postgres', ['CREATE DATABASE sallyport'])
  const sallyport = await startSallyport({ env: { DATABASE_URL: store.url('sallyport') } })
  await target.admin('postgres', ['CREATE DATABASE own'])
  const through = await connectThrough(sallyport, { name: 'own', target, database: 'own' })
  const client = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: through.password,
    database: 'own',
  })
  await client.connect()
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
  await client.end()
  await expect
    .poll(async () => (await sessionsOf(sallyport, 'own')).map((session) => session.endReason), { timeout: 20_000 })
    .toEqual(['client-closed'])
  expect(await sallyport.stop()).toBe(0)
  await store.stop()
})

test('after kill -9 of every process the next start keeps the data and ends what was left open', async () => {
  const home = join(folder, 'a home')
  const first = await startSallyport({ home })
  await target.admin('postgres', ['CREATE DATABASE kept'])
  const through = await connectThrough(first, { name: 'kept', target, database: 'kept' })
  const client = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: through.password,
    database: 'kept',
  })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('CREATE TABLE t AS SELECT 1 AS n')
  const everything = [first.processId, ...descendants(first.processId, '')]
  expect(everything.length).toBeGreaterThan(3)
  for (const one of everything) killHard(one)
  await expect
    .poll(
      () =>
        client.query('SELECT 1').then(
          () => 'alive',
          () => 'gone',
        ),
      { timeout: 20_000 },
    )
    .toBe('gone')

  const second = await startSallyport({ home, ports: first.ports })
  await expect
    .poll(async () => (await sessionsOf(second, 'kept')).map((session) => session.endReason), { timeout: 60_000 })
    .toEqual(['gateway-crashed'])
  const again = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: through.password,
    database: 'kept',
  })
  await again.connect()
  expect((await again.query('SELECT n FROM t')).rows).toEqual([{ n: 1 }])
  await again.end()
  expect(await second.stop()).toBe(0)
})

const PLAIN_USER = ['--reuid=65534', '--regid=65534', '--clear-groups']
const asRoot = process.getuid?.() === 0
const readable = asRoot && spawnSync('/usr/bin/setpriv', [...PLAIN_USER, 'test', '-r', COMMAND]).status === 0

test.skipIf(!readable)(
  'it runs as a user without rights of any kind (started by root, from a checkout that others may read)',
  async () => {
    const home = join(folder, 'plain')
    mkdirSync(home)
    chmodSync(folder, 0o755)
    chmodSync(home, 0o777)
    const [portal, postgres] = [await freePort(), await freePort()]
    const child = spawn('/usr/bin/setpriv', [...PLAIN_USER, process.execPath, COMMAND, 'start'], {
      env: {
        ...process.env,
        HOME: home,
        SALLYPORT_HOME: join(home, 'data'),
        SALLYPORT_PORTAL_PORT: String(portal),
        SALLYPORT_POSTGRES_PORT: String(postgres),
        SALLYPORT_URL: `http://localhost:${portal}`,
      },
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const closed = once(child, 'close')
    await expect.poll(() => output, { timeout: 90_000 }).toContain('Sallyport is ready')
    child.kill('SIGINT')
    expect((await closed)[0]).toBe(0)
  },
  180_000,
)
