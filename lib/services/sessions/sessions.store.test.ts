import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../domain/principal'
import { createAgent } from '../principals/create-agent'
import { commandComplete, dataRow, rowDescription } from '../testing/backend-messages'
import { type RecordingDraft, recordSession, type StatementDraft } from '../testing/recording'
import { createWorld, type World } from '../testing/world'
import { endSession } from './end'
import { exportSession } from './export'
import { listSessions } from './list'
import { listEvents } from './list-events'
import { listStatements } from './list-statements'
import { readSession } from './read'
import { readResult } from './read-result'
import { readStatement } from './read-statement'
import { verifySession } from './verify'

let world: World
let bot: Principal
beforeAll(async () => {
  world = await createWorld()
  const agent = await createAgent({ ctx: world.as.admin, input: { name: 'bot', ownerEmail: 'engineer@example.com' } })
  bot = { ...world.as.engineer.actor.principal, id: agent.id as `pri_${string}`, kind: 'agent', name: 'bot' }
})
afterAll(() => world.close())

const failure = (code: string) => expect.objectContaining({ code })
const answer = (value: string) =>
  Buffer.concat([rowDescription(['v', 25]), dataRow(value), commandComplete('SELECT 1')])

/** A session of the engineer's agent. */
function record(statements: readonly StatementDraft[], more: Partial<RecordingDraft> = {}) {
  return recordSession(world.store, { principal: bot, owner: world.as.engineer.actor.principal, statements, ...more })
}

const numbered = (count: number): StatementDraft[] =>
  Array.from({ length: count }, (_, i) => ({
    text: `select ${i + 1} -- ${i % 5 === 0 ? 'Fifth 100%' : 'plain'}`,
    out: answer(String(i + 1)),
    status: i % 7 === 3 ? 'refused' : i % 7 === 5 ? 'error' : 'ok',
  }))

const OWN_READS = [
  ['readSession', (ctx: World['operator'], id: string) => readSession({ ctx, input: { id } })],
  ['listStatements', (ctx: World['operator'], id: string) => listStatements({ ctx, input: { id } })],
  ['readStatement', (ctx: World['operator'], id: string) => readStatement({ ctx, input: { id, op: 1 } })],
  ['readResult', (ctx: World['operator'], id: string) => readResult({ ctx, input: { id, op: 1 } })],
  ['listEvents', (ctx: World['operator'], id: string) => listEvents({ ctx, input: { id } })],
  ['exportSession', (ctx: World['operator'], id: string) => exportSession({ ctx, input: { id } })],
  ['verifySession', (ctx: World['operator'], id: string) => verifySession({ ctx, input: { id } })],
] as const

describe.each(OWN_READS)('%s', (_, read) => {
  it('is for auditors, admins, the operator and the human behind the session; for others there is none', async () => {
    const id = await record(numbered(1))
    for (const ctx of [world.as.auditor, world.as.admin, world.as.engineer, world.operator])
      await expect(read(ctx, id)).resolves.toBeDefined()
    for (const ctx of [world.as.approver, world.as.outsider])
      await expect(read(ctx, id)).rejects.toEqual(failure('not_found'))
  })

  it('knows no session that does not exist, whatever stands in its place', async () => {
    for (const id of ['ses_00000000000000000000', 'ses_', '%', "' or 1=1 --", '../x'])
      await expect(read(world.as.admin, id)).rejects.toEqual(failure('not_found'))
  })
})

describe('looking at a recording', () => {
  it('is recorded once per reader, session and five minutes, also when pages load at the same moment', async () => {
    const id = await record(numbered(3))
    const looks = [1, 2, 3].flatMap((op) => [
      readSession({ ctx: world.as.auditor, input: { id } }),
      readResult({ ctx: world.as.auditor, input: { id, op } }),
    ])
    await Promise.all(looks)
    await listStatements({ ctx: world.as.engineer, input: { id } })
    const views = (await world.audited('session.view')).filter(({ targetId }) => targetId === id)
    expect(views.map(({ actorName }) => actorName).sort()).toEqual(['auditor', 'engineer'])
  })

  it('is recorded for every export and verification', async () => {
    const id = await record(numbered(1))
    await exportSession({ ctx: world.as.auditor, input: { id } })
    await exportSession({ ctx: world.as.auditor, input: { id } })
    await verifySession({ ctx: world.as.auditor, input: { id } })
    expect((await world.audited('session.export')).filter(({ targetId }) => targetId === id)).toHaveLength(2)
    expect((await world.audited('session.verify'))[0]).toMatchObject({ targetId: id, detail: { state: 'intact' } })
  })
})

describe('statements', () => {
  it('come in order, joined with their outcomes, page by page in both directions', async () => {
    const id = await record(numbered(23), { perBatch: 4 })
    const ops: number[] = []
    let after: number | null = 0
    while (after !== null) {
      const page = await listStatements({ ctx: world.as.engineer, input: { id, after, limit: 5 } })
      expect(page.items.every(({ status }) => status !== 'running')).toBe(true)
      ops.push(...page.items.map(({ op }) => op))
      after = page.next
    }
    expect(ops).toEqual(Array.from({ length: 23 }, (_, i) => i + 1))
    const last = await listStatements({
      ctx: world.as.engineer,
      input: { id, before: Number.MAX_SAFE_INTEGER, limit: 5 },
    })
    expect(last.items.map(({ op }) => op)).toEqual([19, 20, 21, 22, 23])
    const previous = await listStatements({
      ctx: world.as.engineer,
      input: { id, cursor: last.nextCursor ?? '', limit: 5 },
    })
    expect(previous.items.map(({ op }) => op)).toEqual([14, 15, 16, 17, 18])
  })

  it.each([2, 3, 5, 50])('are filtered by verdict and by text alike, in batches of %s events', async (perBatch) => {
    const id = await record(numbered(30), { perBatch })
    const ops = async (input: object) => {
      const page = await listStatements({ ctx: world.as.engineer, input: { id, limit: 200, ...input } })
      return page.items.map(({ op }) => op)
    }
    expect(await ops({ verdict: 'refused' })).toEqual([4, 11, 18, 25])
    expect(await ops({ verdict: 'failed' })).toEqual([6, 13, 20, 27])
    expect(await ops({ query: 'FIFTH' })).toEqual([1, 6, 11, 16, 21, 26])
    expect(await ops({ query: '100%' })).toEqual([1, 6, 11, 16, 21, 26])
    expect(await ops({ query: '_ifth' })).toEqual([])
    expect(await ops({ verdict: 'refused', query: 'fifth' })).toEqual([11])
    expect(await ops({ verdict: 'failed', before: 20 })).toEqual([6, 13])
  })

  it('run while their session lives, and are unknown when it ended without an outcome', async () => {
    const statements = [{ text: 'select pg_sleep(9)', unsettled: true }]
    const [live, dead] = [await record(statements, { live: true }), await record(statements)]
    expect((await listStatements({ ctx: world.as.admin, input: { id: live } })).items[0]?.status).toBe('running')
    expect((await listStatements({ ctx: world.as.admin, input: { id: dead } })).items[0]?.status).toBe('unknown')
    expect(await readResult({ ctx: world.as.admin, input: { id: live, op: 1 } })).toMatchObject({
      state: 'running',
      sets: [],
    })
  })

  it('are cut in lists, visibly, and whole by themselves', async () => {
    const text = `select '${'😀'.repeat(2_000)}'`
    const id = await record([{ text, binds: [{ text: 'a' }, null, { base64: 'AQI=' }] }])
    const [item] = (await listStatements({ ctx: world.as.admin, input: { id } })).items
    expect(item).toMatchObject({ cut: true, textLength: text.length, binds: 3 })
    expect(text.startsWith(item?.text ?? '-')).toBe(true)
    expect(Buffer.from(item?.text ?? '', 'utf8').toString('utf8')).toBe(item?.text)
    const whole = await readStatement({ ctx: world.as.admin, input: { id, op: 1 } })
    expect(whole.text).toBe(text)
    expect(whole.values).toEqual([
      { text: 'a', form: 'text', bytes: 1, cut: false },
      null,
      { text: '0102', form: 'hex', bytes: 2, cut: false },
    ])
    await expect(readStatement({ ctx: world.as.admin, input: { id, op: 2 } })).rejects.toEqual(failure('not_found'))
  })
})

describe('a result', () => {
  it.each([1, 7, 64, 10_000])('is what the client saw, from chunks of %s bytes', async (perChunk) => {
    const id = await record(numbered(6), { perChunk })
    for (const op of [1, 4, 6]) {
      const result = await readResult({ ctx: world.as.engineer, input: { id, op } })
      expect(result).toMatchObject({ state: 'settled', complete: true, damaged: false })
      expect(result.sets[0]?.rows).toEqual([[String(op)]])
    }
  })

  it('without columns of its own takes those that were described before', async () => {
    const described = rowDescription(['n', 25])
    const id = await record([
      { text: 'prepare', out: described },
      { text: 'execute', out: Buffer.concat([dataRow('7'), commandComplete('SELECT 1')]), layoutAt: 0 },
    ])
    const result = await readResult({ ctx: world.as.engineer, input: { id, op: 2 } })
    expect(result.sets[0]).toMatchObject({ columns: [{ name: 'n', type: 'text' }], rows: [['7']] })
  })
})

describe('a session’s chain', () => {
  it('is given event by event, as anybody can recompute it', async () => {
    const id = await record(numbered(4), { perBatch: 3 })
    const all = await listEvents({ ctx: world.as.auditor, input: { id, limit: 200 } })
    const paged: typeof all.items = []
    let cursor: string | null = '0'
    paged.push(...all.items.slice(0, 1))
    while (cursor !== null) {
      const page = await listEvents({ ctx: world.as.auditor, input: { id, cursor, limit: 2 } })
      paged.push(...page.items)
      cursor = page.nextCursor
    }
    expect(paged).toEqual(all.items)
    const detail = await readSession({ ctx: world.as.auditor, input: { id } })
    expect(all.items.at(-1)?.hash).toBe(detail.head)
    expect(all.items).toHaveLength(detail.events)
  })

  it.each([1, 2, 100])('and every recorded byte verify, in batches of %s', async (perBatch) => {
    const id = await record(numbered(9), { perBatch, perChunk: 50 })
    const verdict = await verifySession({ ctx: world.as.auditor, input: { id } })
    expect(verdict).toMatchObject({ state: 'intact', closed: true, faults: [] })
    expect(verdict.recordedBytes).toBeGreaterThan(300)
  })

  it('shows what its database’s owner changed behind our back', async () => {
    const sql = world.store.owner.sql
    const broken = async (change: (id: string) => Promise<unknown>) => {
      const id = await record(numbered(9), { perBatch: 4, perChunk: 50 })
      await change(id)
      return verifySession({ ctx: world.as.auditor, input: { id } })
    }
    const cut = await broken((id) => sql`delete from event_batches where session_id = ${id} and first_seq = 16`)
    expect(cut.faults).toMatchObject([{ part: 'chain', at: 16 }])
    const hole = await broken((id) => sql`delete from event_batches where session_id = ${id} and first_seq = 4`)
    expect(hole.faults).toMatchObject([{ part: 'chain', at: 4 }])
    const missing = await broken((id) => sql`delete from recording_chunks where session_id = ${id} and "from" = 100`)
    expect(missing.faults[0]).toMatchObject({ part: 'recording', reason: 'Recorded bytes of a statement are missing.' })
    const swapped = await broken(async (id) => {
      const [row] = await sql`delete from recording_chunks where session_id = ${id} and "from" = 0 returning *`
      const data = Buffer.from(row?.data as Buffer)
      data[40] = (data[40] ?? 0) ^ 1
      await sql`insert into recording_chunks ${sql({ ...row, data })}`
    })
    expect(swapped.faults.map(({ reason }) => reason)).toEqual([
      'Recorded bytes do not match the hash they were stored with.',
      'What a client saw was changed after it was recorded.',
    ])
  })
})

describe('ending a session', () => {
  it('is for admins and the human behind it, asked for once, and workers are told', async () => {
    const id = await record(numbered(1), { live: true })
    for (const ctx of [world.as.approver, world.as.outsider])
      await expect(endSession({ ctx, input: { id } })).rejects.toEqual(failure('not_found'))
    for (const ctx of [world.as.auditor, world.operator])
      await expect(endSession({ ctx, input: { id } })).rejects.toEqual(failure('forbidden'))
    expect((await readSession({ ctx: world.as.engineer, input: { id } })).mayEnd).toBe(true)
    const signals: string[] = []
    const listening = await world.store.owner.sql.listen('sallyport_control', (payload) => signals.push(payload))
    await Promise.all([1, 2].map(() => endSession({ ctx: world.as.engineer, input: { id } })))
    await expect.poll(() => signals).toContain(JSON.stringify({ kind: 'end-session', sessionId: id, by: 'engineer' }))
    await listening.unlisten()
    expect((await world.audited('session.end')).filter(({ targetId }) => targetId === id)).toHaveLength(1)
    expect((await readSession({ ctx: world.as.admin, input: { id } })).endRequested?.by).toBe('engineer')
  })

  it('is a conflict once it has ended', async () => {
    const id = await record(numbered(1))
    await expect(endSession({ ctx: world.as.admin, input: { id } })).rejects.toEqual(failure('conflict'))
  })
})

describe('the list of sessions', () => {
  it('holds what the reader may see, and pages without loss or repeats when many began at once', async () => {
    const at = Date.now() - 3_600_000
    const ids = await Promise.all(Array.from({ length: 7 }, () => record([], { at, connection: 'paged' })))
    const own = world.as.auditor.actor.principal
    const theirs = await recordSession(world.store, { principal: own, owner: own, statements: [], at })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listSessions>> = await listSessions({
        ctx: world.as.engineer,
        input: { limit: 2, ...(cursor && { cursor }), to: new Date(at).toISOString() },
      })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor)
    expect(seen.sort()).toEqual([...ids].sort())
    const all = await listSessions({ ctx: world.as.auditor, input: { limit: 200 } })
    expect(all.items.map(({ id }) => id)).toContain(theirs)
  })

  it('finds by name of agent, owner, connection and id, and takes wildcards as themselves', async () => {
    const id = await record(numbered(7))
    const found = async (query: string, ctx = world.as.admin) =>
      (await listSessions({ ctx, input: { query, limit: 200 } })).items.map((item) => item.id)
    for (const query of ['bot', 'BO', 'engineer@', id]) expect(await found(query)).toContain(id)
    for (const query of ['%', '_', 'b%t', '\\', "'; --", 'nobody', 'ses_%']) expect(await found(query)).toEqual([])
    expect(await found(id, world.as.outsider)).toEqual([])
    const refused = await listSessions({ ctx: world.as.admin, input: { verdict: 'refused', query: 'bot', limit: 200 } })
    expect(refused.items.map((item) => item.id)).toContain(id)
    expect(refused.items.every((item) => item.refused > 0)).toBe(true)
  })

  it('refuses a cursor that it did not give out, and inputs it does not know', async () => {
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const cursor of ['x', forged(['1; drop table', 'ses_']), forged([1, 2]), forged({}), forged([])])
      await expect(listSessions({ ctx: world.as.admin, input: { cursor } })).rejects.toEqual(failure('invalid_input'))
    for (const input of [
      { limit: 0 },
      { limit: 201 },
      { ownerId: 'x' },
      { from: 'yesterday' },
      { query: 'x'.repeat(201) },
    ])
      await expect(listSessions({ ctx: world.as.admin, input: input as never })).rejects.toEqual(
        failure('invalid_input'),
      )
  })
})
