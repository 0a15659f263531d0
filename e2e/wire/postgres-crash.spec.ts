import pg from 'pg'
import { expect, test } from 'vitest'
import type { SessionEvent } from '#lib/domain/event'
import { eventsOf, sessionsOf } from '../fixtures/api'
import { connectThrough, type Through } from '../fixtures/connect'
import { startPostgresServer } from '../fixtures/postgres-server'
import { descendants, killHard } from '../fixtures/processes'
import { startSallyport } from '../fixtures/sallyport'

const KILLS = 50
const CLIENTS = 20

/** Inserts ids of its own, one statement each, and connects again whenever the gateway is gone. */
async function insertUntil(
  stopped: () => boolean,
  client: number,
  through: Through,
  inserted: { count: number },
): Promise<void> {
  let next = 0
  while (!stopped()) {
    const connection = new pg.Client({
      host: '127.0.0.1',
      port: through.port,
      user: through.user,
      password: through.password,
      database: through.database,
    })
    connection.on('error', () => undefined)
    try {
      await connection.connect()
      while (!stopped()) {
        const id = `c${client}-n${next++}`
        // Alternately the simple and the extended protocol: the id in the text, or bound.
        await (next % 2
          ? connection.query(`INSERT INTO ids VALUES ('${id}')`)
          : connection.query('INSERT INTO ids VALUES ($1)', [id]))
        inserted.count++
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    } finally {
      await connection.end().catch(() => undefined)
    }
  }
}

function recordedIds(events: readonly SessionEvent[]): string[] {
  const found: string[] = []
  for (const event of events) {
    if (event.kind !== 'operation.intent' || event.type === 'prepare') continue
    const literal = /VALUES \('([^']+)'\)/.exec(event.text)?.[1]
    if (literal) found.push(literal)
    for (const bind of event.binds ?? []) if (bind && 'text' in bind) found.push(bind.text)
  }
  return found
}

test(`after ${KILLS} kills of the worker under load no row is on the target without a record, and every session has its end`, async () => {
  const target = await startPostgresServer()
  const sallyport = await startSallyport()
  try {
    await target.admin('postgres', ['CREATE DATABASE crash'])
    await target.admin('crash', ['CREATE TABLE ids (id text PRIMARY KEY)'])
    const through = await connectThrough(sallyport, { name: 'crash', target, database: 'crash' })
    const inserted = { count: 0 }
    let stopped = false
    const load = Array.from({ length: CLIENTS }, (_, client) => insertUntil(() => stopped, client, through, inserted))
    for (let kill = 0; kill < KILLS; kill++) {
      const before = inserted.count
      await expect.poll(() => inserted.count, { timeout: 30_000, interval: 20 }).toBeGreaterThan(before + CLIENTS)
      for (const worker of descendants(sallyport.processId, 'proxy')) killHard(worker)
    }
    const before = inserted.count
    await expect.poll(() => inserted.count, { timeout: 30_000 }).toBeGreaterThan(before)
    stopped = true
    await Promise.all(load)

    await expect
      .poll(async () => (await sessionsOf(sallyport, 'crash')).filter((session) => session.endedAt === null).length, {
        timeout: 120_000,
        interval: 1000,
      })
      .toBe(0)
    const sessions = await sessionsOf(sallyport, 'crash')
    const recorded = new Set<string>()
    for (const session of sessions) {
      const events = await eventsOf(sallyport, session.id)
      expect(events[0]?.kind).toBe('session.open')
      expect(events.at(-1)?.kind).toBe('session.close')
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index))
      const intents = events.filter((event) => event.kind === 'operation.intent').map((event) => event.op)
      const outcomes = events.filter((event) => event.kind === 'operation.outcome').map((event) => event.op)
      expect([...outcomes].sort((a, b) => a - b)).toEqual(intents)
      for (const id of recordedIds(events)) recorded.add(id)
    }
    const client = new pg.Client({ connectionString: target.url('crash') })
    await client.connect()
    const rows = await client.query<{ id: string }>('SELECT id FROM ids')
    await client.end()
    expect(rows.rows.length).toBeGreaterThan(KILLS * CLIENTS)
    expect(rows.rows.map((row) => row.id).filter((id) => !recorded.has(id))).toEqual([])
    expect(sessions.filter((session) => session.endReason === 'gateway-crashed').length).toBeGreaterThan(KILLS)
  } finally {
    await sallyport.stop()
    await target.stop()
  }
}, 900_000)
