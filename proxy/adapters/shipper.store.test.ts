import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { brotliDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChainVerdict, verifyChain } from '#lib/crypto/chain'
import { createTestStore, type TestStore } from '#lib/db/testing/store'
import type { SessionEvent } from '#lib/domain/event'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import { holdHarness } from '#proxy/core/testing/hold-parts'
import { allowAll, FakeWriter, header, query } from '#proxy/core/testing/recorder-parts'
import { runOne, unshippedWorker } from './testing/dead-worker'
import { newHome, type Shipping, startShipping } from './testing/shipping'

const WORKER = 'wrk_00000000000000000001' as WorkerId
const A = 'ses_aaaaaaaaaaaaaaaaaaaa' as SessionId
const B = 'ses_bbbbbbbbbbbbbbbbbbbb' as SessionId
const DEAD = 'wrk_00000000000000000002' as WorkerId

let store: TestStore
let home: string
let shipping: Shipping

beforeEach(async () => {
  store = await createTestStore()
  home = newHome()
  shipping = startShipping(home, WORKER, store.url('recorder'))
})

afterEach(async () => {
  await shipping.stop()
  await store.close()
  rmSync(home, { recursive: true })
})

interface Stored {
  readonly events: readonly SessionEvent[]
  readonly verdict: ChainVerdict
  readonly out: Buffer
  readonly row: Record<string, unknown>
}

const unpack = (codec: number, data: Buffer) => (codec === 1 ? brotliDecompressSync(data) : data)

/** Everything the store has of a session, verified. */
async function read(session: SessionId): Promise<Stored> {
  const sql = store.portal.sql
  const [row] = await sql`select * from sessions where id = ${session}`
  if (row === undefined) throw new Error('no such session')
  const batches = await sql`select * from event_batches where session_id = ${session} order by first_seq`
  const verifier = verifyChain()
  const events: SessionEvent[] = []
  for (const batch of batches) {
    const data = unpack(batch.codec, batch.data)
    verifier.run({ firstSeq: Number(batch.first_seq), lastSeq: Number(batch.last_seq), head: batch.head, data })
    for (const line of data.toString('utf8').split('\n')) events.push(JSON.parse(line))
  }
  const chunks =
    await sql`select * from recording_chunks where session_id = ${session} and stream = 'out' order by "from"`
  const parts: Buffer[] = []
  for (const chunk of chunks) {
    const raw = unpack(chunk.codec, chunk.data)
    expect(createHash('sha256').update(chunk.data).digest()).toEqual(chunk.sha256)
    expect(Number(chunk.to) - Number(chunk.from)).toBe(raw.length)
    parts.push(raw)
  }
  return {
    events,
    verdict: verifier.finish({ lastSeq: Number(row.last_seq), head: row.head }),
    out: Buffer.concat(parts),
    row,
  }
}

async function openSession(session = A) {
  const client = new FakeWriter()
  const upstream = new FakeWriter()
  const recorded = await shipping.recorder.open({
    header: header(session, WORKER),
    recording: 'standard',
    client: client.asSocket(),
    decide: allowAll,
    hold: null,
  })
  recorded.attach(upstream)
  return { recorded, gate: recorded.gate, client, upstream }
}

describe('shipping', () => {
  it('brings a session into the store whole: chain, result as the client saw it, and the row that lists show', async () => {
    const opened = await openSession()
    await runOne(opened, query('SELECT 1', 'write'), Buffer.from('one'))
    const large = Buffer.alloc(700_000, 'abcdefghij')
    await runOne(opened, query('SELECT 2', 'write'), large)
    await runOne(opened, query('SELECT 3', 'write'), Buffer.from('three'))
    await opened.recorded.close({ reason: 'client-closed', detail: 'The client disconnected.' })
    expect(await shipping.recorder.drain(10_000)).toBe(true)

    const stored = await read(A)
    expect(stored.verdict).toMatchObject({ ok: true, events: 8, closed: true })
    expect(stored.out.equals(Buffer.concat([Buffer.from('one'), large, Buffer.from('three')]))).toBe(true)
    expect(opened.client.written.join('')).toBe(stored.out.toString('latin1'))
    expect(stored.row).toMatchObject({
      principal_name: 'autogen',
      owner_name: 'Ada',
      tags: { env: 'prod' },
      operations: '3',
      rows: '3',
      refused: '0',
      end_reason: 'client-closed',
      out_bytes: '700008',
      in_flight: [],
    })
    const [, , , , outcome] = stored.events
    expect(outcome).toMatchObject({
      kind: 'operation.outcome',
      out: [3, 700_003],
      outSha256: createHash('sha256').update(large).digest('hex'),
    })
  })
})

/** A dead worker's folder with session A: `results` operations done, one under way. */
async function deadWorker(results: readonly string[], segmentBytes?: number): Promise<string> {
  const dead = unshippedWorker(home, DEAD, segmentBytes)
  const session = await dead.open(A)
  for (const [i, result] of results.entries()) await runOne(session, query(`SELECT ${i}`, 'write'), Buffer.from(result))
  const under = await session.gate.decide(query('DELETE FROM orders', 'write'))
  if (under.effect !== 'allow') throw new Error('refused')
  const sent = new Promise<void>((resolve) => {
    session.upstream.onWrite = () => resolve()
  })
  void session.gate.dispatch([under.permit], Buffer.from('DELETE FROM orders'))
  await sent
  dead.die()
  return dead.folder
}

const segments = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.seg'))
const aside = () => (existsSync(shipping.folders.aside) ? readdirSync(shipping.folders.aside) : [])

describe('what a dead worker left', () => {
  it('is shipped, its open command gets an unknown outcome and its session an end, once', async () => {
    const folder = await deadWorker(['one', 'two'])
    expect(shipping.folders.abandoned()).toEqual([DEAD])
    expect(await shipping.recover(DEAD)).toBe(1)
    expect(await shipping.recover(DEAD)).toBe(0)

    const stored = await read(A)
    expect(stored.verdict).toMatchObject({ ok: true, closed: true })
    expect(stored.events.slice(-3)).toMatchObject([
      { kind: 'operation.intent', op: 3, text: 'DELETE FROM orders' },
      { kind: 'operation.outcome', op: 3, status: 'unknown' },
      { kind: 'session.close', reason: 'gateway-crashed', operations: 3, out: 6 },
    ])
    expect(stored.out.toString()).toBe('onetwo')
    expect(stored.row).toMatchObject({ end_reason: 'gateway-crashed', in_flight: [], operations: '3', failed: '1' })
    expect(existsSync(folder)).toBe(false)
    expect(readdirSync(join(home, 'spool')).filter((name) => name.startsWith(DEAD))).toEqual([])
  })

  it('is stored once although it is replayed, from many small segments, again and again', async () => {
    const folder = await deadWorker(['one', 'two', 'three'], 400)
    expect(segments(folder).length).toBeGreaterThan(3)
    const copy = join(home, 'copy')
    cpSync(folder, copy, { recursive: true })
    // Only the first half, so that the second replay starts in the middle of what is there.
    for (const name of segments(folder).slice(2)) rmSync(join(folder, name))
    const first = startShippingOf(folder)
    await first
    cpSync(copy, folder, { recursive: true })
    await shipping.recover(DEAD)
    const once = await read(A)
    cpSync(copy, folder, { recursive: true })
    await shipping.recover(DEAD)

    const twice = await read(A)
    expect(twice).toEqual(once)
    expect(twice.verdict).toMatchObject({ ok: true, events: 10 })
    expect(twice.out.toString()).toBe('onetwothree')
    expect(aside()).toEqual([])
  })

  /** Ships a folder without ending its sessions. */
  async function startShippingOf(folder: string): Promise<void> {
    const { SpoolReader } = await import('./spool-reader')
    const { storeFrames } = await import('./shipper-store')
    const reader = new SpoolReader(folder, shipping.folders.aside, shipping.key)
    for (let round = await reader.next(null); round !== null; round = await reader.next(null)) {
      await storeFrames(store.recorder.sql, round.frames.sessions, new Map())
      await reader.commit(round, false)
    }
  }

  it('is shipped up to a torn tail, which is dropped', async () => {
    const folder = await deadWorker(['one', 'two'])
    const [name = ''] = segments(folder)
    const path = join(folder, name)
    truncateSync(path, readFileSync(path).length - 5)
    expect(await shipping.recover(DEAD)).toBe(1)
    const stored = await read(A)
    // The last intent was torn off: the command in it had not been sent, for all that this disk knows.
    expect(stored.verdict).toMatchObject({ ok: true, events: 6, closed: true })
    expect(aside()).toEqual([])
  })

  it('is kept aside, loudly, when it was damaged before its tail', async () => {
    const folder = await deadWorker(['one', 'two', 'three'])
    const [name = ''] = segments(folder)
    const path = join(folder, name)
    const bytes = readFileSync(path)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    writeFileSync(path, bytes)
    expect(await shipping.recover(DEAD)).toBe(1)
    const stored = await read(A)
    expect(stored.verdict).toMatchObject({ ok: true, closed: true })
    expect(aside()).toHaveLength(1)
    expect(shipping.log.join()).toContain('is damaged')
  })

  it('does not touch a record that was ended in its absence, and is kept aside', async () => {
    const folder = await deadWorker(['one', 'two'], 400)
    const copy = join(home, 'copy')
    cpSync(folder, copy, { recursive: true })
    for (const name of segments(folder).slice(1)) rmSync(join(folder, name))
    await shipping.recover(DEAD)
    const ended = await read(A)
    cpSync(copy, folder, { recursive: true })
    await shipping.recover(DEAD)
    expect(await read(A)).toEqual(ended)
    expect(ended.verdict).toMatchObject({ ok: true, closed: true })
    expect(aside().length).toBeGreaterThan(0)
    expect(shipping.log.join()).toContain('do not fit')
  })

  it('is left alone while its owner lives', async () => {
    const live = unshippedWorker(home, DEAD)
    await live.open(A)
    expect(shipping.folders.abandoned()).toEqual([])
    expect(shipping.folders.adopt(DEAD)).toBeNull()
    await expect(shipping.recover(DEAD)).rejects.toThrow()
  })
})

describe('hostile or broken content', () => {
  it('of one session never keeps the others from the store', async () => {
    const dead = unshippedWorker(home, DEAD)
    const good = await dead.open(A)
    await runOne(good, query('SELECT 1', 'write'), Buffer.from('one'))
    dead.die()
    await store.owner.sql.unsafe(`alter table sessions add constraint not_a check (id <> '${A}')`)
    const opened = await openSession(B)
    await runOne(opened, query('SELECT \u0000 \ud800', 'write'), Buffer.from('two'))
    await opened.recorded.close({ reason: 'client-closed', detail: 'bye \u0000 \ud800' })
    await shipping.recover(DEAD)
    expect(await shipping.recorder.drain(10_000)).toBe(true)
    expect((await read(B)).verdict).toMatchObject({ ok: true, closed: true })
    expect(aside()).toHaveLength(1)
  })
})

describe('kill -9 of a worker under load', () => {
  it('leaves no command that reached the target, and no byte that reached a client, without its record', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'testing/spool-victim.ts'), home, DEAD],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const sent = new Set<string>()
    const delivered = new Map<string, number>()
    for await (const line of createInterface({ input: child.stdout })) {
      const [what = '', session = '', detail = ''] = line.split(' ')
      if (what === 'sent') sent.add(`${session} ${detail}`)
      else delivered.set(session, Number(detail))
      if (sent.size === 400) child.kill('SIGKILL')
    }
    await shipping.recover(DEAD)

    const recorded = new Set<string>()
    for (const [session, bytes] of delivered) {
      const stored = await read(session as SessionId)
      expect(stored.verdict).toMatchObject({ ok: true, closed: true })
      expect(stored.out.length).toBeGreaterThanOrEqual(bytes)
      for (const event of stored.events) if (event.kind === 'operation.intent') recorded.add(`${session} ${event.text}`)
    }
    expect(sent.size).toBeGreaterThanOrEqual(400)
    for (const id of sent) expect(recorded).toContain(id)
  })
})

/** A store that can be cut off, and that can lose the answer to a commit. */
async function cuttableStore(url: string) {
  const socketFolder = new URL(url).searchParams.get('host')
  const target = socketFolder === null ? new URL(url) : join(socketFolder, `.s.PGSQL.${new URL(url).port || '5432'}`)
  const open = new Set<Socket>()
  const state = { cut: false, loseCommit: false, lost: 0 }
  const server = createServer((client) => {
    if (state.cut) {
      client.destroy()
      return
    }
    const upstream = typeof target === 'string' ? connect(target) : connect(Number(target.port), target.hostname)
    let losing = false
    client.on('data', (bytes) => {
      losing = state.loseCommit && bytes.includes('commit')
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!losing) {
        client.write(bytes)
        return
      }
      state.loseCommit = false
      state.lost++
      client.destroy()
    })
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.searchParams.delete('host')
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.href,
    state,
    cutOff() {
      state.cut = true
      for (const socket of open) socket.destroy()
    },
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

describe('an operation that was held', () => {
  it('is counted in its batch and its session, unlike the gateway’s own, and what was decided stands in the chain', async () => {
    const shipping = startShipping(home, 'wrk_00000000000000000004' as WorkerId, store.url('recorder'))
    const { holds, policies, hold } = holdHarness()
    const recorded = await shipping.recorder.open({
      header: header(A, 'wrk_00000000000000000004'),
      recording: 'standard',
      client: new FakeWriter().asSocket(),
      decide: policies.decide,
      hold,
    })
    recorded.attach(new FakeWriter())
    expect(recorded.gate.own(query('SHOW role'))).not.toBeNull()
    const ruling = recorded.gate.decide(query('held', 'write'), () => {
      holds.decide(holds.last, { state: 'rejected', reason: 'no' })
    })
    expect((await ruling).effect).toBe('deny')
    await recorded.close({ reason: 'client-closed', detail: 'bye' })
    expect(await shipping.recorder.drain(10_000)).toBe(true)
    const stored = await read(A)
    expect(stored.verdict).toMatchObject({ ok: true, closed: true })
    expect(stored.row).toMatchObject({ operations: '1', held: '1', refused: '1', in_flight: [] })
    const [batches] = await store.owner.sql`
      select sum(held)::int as held, sum(operations)::int as operations from event_batches where session_id = ${A}`
    expect(batches).toEqual({ held: 1, operations: 1 })
    expect(stored.events.map(({ kind }) => kind.split('.')[1])).toEqual([
      ...['open', 'intent', 'intent', 'held', 'reviewed', 'outcome', 'outcome', 'close'],
    ])
    await shipping.stop()
  })
})

describe('a store that goes away', () => {
  it('is caught up with when it is back, and a lost answer to a commit stores nothing twice', async () => {
    const cuttable = await cuttableStore(store.url('recorder'))
    const worker = 'wrk_00000000000000000003' as WorkerId
    const away = startShipping(home, worker, cuttable.url)
    try {
      cuttable.state.loseCommit = true
      const client = new FakeWriter()
      const upstream = new FakeWriter()
      const recorded = await away.recorder.open({
        header: header(A, worker),
        recording: 'strict',
        client: client.asSocket(),
        decide: allowAll,
        hold: null,
      })
      expect(cuttable.state.lost).toBe(1)
      recorded.attach(upstream)
      const session = { gate: recorded.gate, upstream }
      await runOne(session, query('SELECT 1'), Buffer.from('one'))
      await runOne(session, query('SELECT 2'), Buffer.from('two'))
      cuttable.cutOff()
      const ruling = await recorded.gate.decide(query('SELECT 3'))
      if (ruling.effect === 'allow') void recorded.gate.dispatch([ruling.permit], Buffer.from('SELECT 3'))
      await new Promise<void>((resolve) => recorded.gate.signal.addEventListener('abort', () => resolve()))
      expect(recorded.gate.ending?.reason).toBe('recording-unavailable')
      expect(upstream.written).toEqual(['SELECT 1', 'SELECT 2'])
      const closed = recorded.close({ reason: 'error', detail: 'x' })
      cuttable.state.cut = false
      await closed
      expect(await away.recorder.drain(10_000)).toBe(true)
      const stored = await read(A)
      expect(stored.verdict).toMatchObject({ ok: true, closed: true })
      expect(stored.out.toString()).toBe('onetwo')
      expect(stored.row).toMatchObject({ operations: '3', rows: '2', end_reason: 'recording-unavailable' })
      expect(away.conflicts).toEqual([])
    } finally {
      await away.stop()
      cuttable.close()
    }
  })
})

describe('a whole worker', () => {
  it('ships from its thread, stops when it is told to, and leaves nothing behind on the disk', async () => {
    const script = join(import.meta.dirname, 'testing/spool-worker.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, home, DEAD, store.url('recorder'), A, '3'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect({ code, ...JSON.parse(said) }).toMatchObject({ code: 0, complete: true })
    const stored = await read(A)
    expect(stored.verdict).toMatchObject({ ok: true, closed: true, events: 8 })
    expect(stored.out).toHaveLength(3 * 1024 * 1024)
    expect(existsSync(join(home, 'spool', DEAD))).toBe(false)
  })
})
