import { createHash } from 'node:crypto'
import pg from 'pg'
import { beforeAll, expect, inject, test } from 'vitest'
import type { OperationIntended, OperationSettled, SessionEvent } from '#lib/domain/event'
import { eventsOf, sessionsOf } from '../fixtures/api'
import { connectThrough, sallyportCommand, sallyportDoes, type Through } from '../fixtures/connect'
import { requireProgram, run } from '../fixtures/programs'

const { sallyport, target } = inject('shared')
let through: Through

beforeAll(async () => {
  const admin = new pg.Client({
    host: '127.0.0.1',
    port: target.port,
    user: 'postgres',
    password: target.password,
    database: 'postgres',
  })
  await admin.connect()
  await admin.query('CREATE DATABASE record')
  await admin.end()
  through = await connectThrough(sallyport, { name: 'record', target, database: 'record' })
})

function psql(sql: string, password = through.password) {
  return run(requireProgram('psql', 'postgresql-client'), ['-X', '-At'], {
    input: sql,
    env: {
      PGHOST: '127.0.0.1',
      PGPORT: String(through.port),
      PGUSER: 'me',
      PGPASSWORD: password,
      PGDATABASE: 'record',
      PGSSLMODE: 'disable',
    },
  })
}

/** Does some work and gives the events of the session it made, complete to its close. */
async function recorded(work: () => Promise<unknown>): Promise<{ events: SessionEvent[]; id: string }> {
  const before = new Set((await sessionsOf(sallyport, 'record')).map((session) => session.id))
  await work()
  let id = ''
  await expect
    .poll(
      async () => {
        const fresh = (await sessionsOf(sallyport, 'record')).find((session) => !before.has(session.id))
        id = fresh?.id ?? ''
        return fresh?.endedAt ?? null
      },
      { timeout: 20_000 },
    )
    .not.toBeNull()
  return { events: await eventsOf(sallyport, id), id }
}

const intents = (events: readonly SessionEvent[]) =>
  events.filter((event): event is OperationIntended => event.kind === 'operation.intent')
const outcomes = (events: readonly SessionEvent[]) =>
  events.filter((event): event is OperationSettled => event.kind === 'operation.outcome')

test('a session is recorded with exact texts, bind values, rows, errors and its end', async () => {
  const { events } = await recorded(async () => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: through.port,
      user: 'me',
      password: through.password,
      database: 'record',
    })
    await client.connect()
    await client.query("SELECT 'ünï  spaced' ;")
    await client.query('SELECT $1::int + 1', [41])
    await client.query('SELECT 1/0').catch(() => undefined)
    await client.query('CREATE TABLE made (id int)')
    await client.end()
  })
  const texts = intents(events).map((intent) => intent.text)
  expect(texts).toContain("SELECT 'ünï  spaced' ;")
  expect(texts).toContain('SELECT $1::int + 1')
  expect(intents(events).flatMap((intent) => intent.binds ?? [])).toContainEqual({ text: '41' })
  expect(outcomes(events).find((outcome) => outcome.status === 'error')?.error?.code).toBe('22012')
  expect(outcomes(events).find((outcome) => outcome.status === 'ok')?.rows).toBe(1)
  expect(events.at(-1)).toMatchObject({ kind: 'session.close', reason: 'client-closed' })
  expect(intents(events).find((intent) => intent.text.startsWith('CREATE TABLE'))?.effect).toBe('write')
  expect(intents(events)[0]?.effect).toBe('read')
})

test('an export can be verified offline by hashing its lines, and a changed byte is found', async () => {
  const { id } = await recorded(() => psql('SELECT 1;\nSELECT 2;\n'))
  const exported = await sallyportDoes(sallyport, ['sessions', 'export', id])
  expect(exported).toContain('SELECT 1;')
  const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/sallyport-export-'))
  const { writeFile, rm } = await import('node:fs/promises')
  await writeFile(`${folder}/good.jsonl`, exported)
  await writeFile(`${folder}/bad.jsonl`, exported.replace('SELECT 1;', 'SELECT 9;'))
  expect((await sallyportCommand(sallyport, ['verify', `${folder}/good.jsonl`])).code).toBe(0)
  const refused = await sallyportCommand(sallyport, ['verify', `${folder}/bad.jsonl`])
  expect(refused.code).toBe(1)
  expect(refused.stderr).not.toBe('')
  await rm(folder, { recursive: true })
})

test('neither the token nor the target password is in events, exports or logs', async () => {
  const { id } = await recorded(() => psql('SELECT 1;\n'))
  const exported = await sallyportDoes(sallyport, ['sessions', 'export', id])
  const logs = await run('/bin/sh', ['-c', `cat "${sallyport.home}"/log/* "${sallyport.home}"/spool/*/* 2>/dev/null`])
  for (const secret of [
    through.password,
    target.password,
    createHash('sha256').update(through.password).digest('hex'),
  ]) {
    expect(exported).not.toContain(secret)
    expect(logs.stdout).not.toContain(secret)
  }
  expect(logs.stdout.length).toBeGreaterThan(0)
})

test('a wrong token is refused in PostgreSQL words, and psql exits with 2', async () => {
  const done = await psql('SELECT 1', 'sp_wrong')
  expect(done.code).toBe(2)
  expect(done.stderr).toMatch(/FATAL: .*token/i)
})

test('a connection that does not exist and one that is not permitted look the same', async () => {
  const ask = (database: string) =>
    run(requireProgram('psql', 'postgresql-client'), ['-X', '-c', 'SELECT 1'], {
      env: {
        PGHOST: '127.0.0.1',
        PGPORT: String(through.port),
        PGUSER: 'me',
        PGPASSWORD: through.password,
        PGDATABASE: database,
        PGSSLMODE: 'disable',
      },
    })
  const missing = await ask('no-such-connection')
  const shop = await ask('shop')
  expect(missing.code).toBe(2)
  expect(shop.stderr.replaceAll('shop', 'X')).toBe(missing.stderr.replaceAll('no-such-connection', 'X'))
})

test('revoking a token ends its live session within five seconds', async () => {
  const minted = await sallyportDoes(sallyport, [
    'token',
    'create',
    '--agent',
    'tester',
    '--connection',
    'record',
    '--ttl',
    '1h',
  ])
  const client = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: minted.trim(),
    database: 'record',
  })
  const ended = new Promise<Error>((resolve) => client.on('error', resolve))
  await client.connect()
  await client.query('SELECT 1')
  const { api, all } = await import('../fixtures/api')
  const tokens = await all<{ id: string; hint: string }>(sallyport, 'tokens?limit=200')
  const own = tokens.find((token) => minted.trim().endsWith(token.hint))
  const started = Date.now()
  await api(sallyport, `tokens/${own?.id}`, { method: 'DELETE' })
  const error = await ended
  expect(Date.now() - started).toBeLessThan(5_000)
  expect(error.message).toMatch(/sallyport|terminat/)
})
