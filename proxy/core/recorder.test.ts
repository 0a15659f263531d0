import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SallyportError } from '#lib/domain/errors'
import type { Decide, Ruling } from './ports'
import {
  allowAll,
  eventsIn,
  FakeWriter,
  framesIn,
  type Harness,
  harness,
  header,
  query,
  turns,
} from './testing/recorder-parts'

const ID = 'ses_aaaaaaaaaaaaaaaaaaaa'

async function openOn(parts: Harness, options: { decide?: Decide; strict?: boolean; session?: string } = {}) {
  const client = new FakeWriter()
  const upstream = new FakeWriter()
  const recorded = await parts.recorder.open({
    header: header(options.session ?? ID),
    recording: options.strict ? 'strict' : 'standard',
    client: client.asSocket(),
    decide: options.decide ?? allowAll,
    hold: null,
  })
  recorded.attach(upstream)
  return { recorded, gate: recorded.gate, client, upstream }
}

function permitOf(ruling: Ruling) {
  if (ruling.effect !== 'allow') throw new Error(`refused: ${JSON.stringify(ruling.denial)}`)
  return ruling.permit
}

const done = { status: 'ok', rows: 0, statements: [] } as const
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const END = { reason: 'client-closed', detail: 'The client disconnected.' } as const

describe('an operation', () => {
  it('is recorded with exact bytes: intent, what the client saw for it and its hash, outcome', async () => {
    const parts = harness()
    const { gate, recorded, client } = await openOn(parts)
    const permit = permitOf(
      await gate.decide({ ...query('SELECT $1', 'read'), binds: ['a', new Uint8Array([1]), null] }),
    )
    void gate.dispatch([permit], Buffer.from('wire'))
    void gate.deliver(Buffer.from('row 1'))
    void gate.deliver(Buffer.from('row 2'))
    gate.settle(permit, { status: 'ok', rows: 2, statements: [{ tag: 'SELECT 2', rows: 2 }] })
    await recorded.close(END)
    expect(eventsIn(parts.disk.files, ID)).toMatchObject([
      { kind: 'session.open', seq: 0, principal: { name: 'autogen' } },
      {
        kind: 'operation.intent',
        seq: 1,
        op: 1,
        binds: [{ text: 'a' }, { base64: 'AQ==' }, null],
        decision: { effect: 'allow' },
      },
      { kind: 'operation.outcome', seq: 2, op: 1, out: [0, 10], outSha256: sha256('row 1row 2'), rows: 2 },
      { kind: 'session.close', seq: 3, reason: 'client-closed', operations: 1, out: 10 },
    ])
    expect(client.written.join('')).toBe('row 1row 2')
  })

  it('that policy denies, or cannot judge, is recorded as refused and never sent', async () => {
    const parts = harness()
    const reason = { effect: 'deny', policy: 'no-drop', reason: 'DROP is not allowed' } as const
    const decide: Decide = (operation) => {
      if (operation.text === 'DROP') return { decision: reason }
      if (operation.text === 'throws') throw new Error('policy')
      return Promise.reject(new Error('policy'))
    }
    const { gate, recorded, upstream } = await openOn(parts, { decide })
    for (const text of ['DROP', 'throws', 'rejects']) {
      const ruling = await gate.decide(query(text, 'write'))
      expect(ruling.effect).toBe('deny')
      if (text === 'DROP')
        expect(ruling).toEqual({
          effect: 'deny',
          denial: { kind: 'denied', policy: 'no-drop', reason: 'DROP is not allowed' },
        })
    }
    await recorded.close(END)
    expect(upstream.written).toEqual([])
    const events = eventsIn(parts.disk.files, ID)
    expect(events.filter((event) => event.kind === 'operation.intent').map((event) => event.decision.effect)).toEqual([
      'deny',
      'deny',
      'deny',
    ])
    expect(events.filter((event) => event.kind === 'operation.outcome').map((event) => event.status)).toEqual([
      'refused',
      'refused',
      'refused',
    ])
  })

  it('is judged in call order, also when some verdicts take longer', async () => {
    const parts = harness()
    let answer = () => {}
    const decide: Decide = (operation) =>
      operation.text === 'slow'
        ? new Promise((resolve) => {
            answer = () => resolve({ decision: { effect: 'allow', policy: 'p', reason: '' } })
          })
        : allowAll(operation)
    const { gate, recorded } = await openOn(parts, { decide })
    const slow = gate.decide(query('slow'))
    const fast = gate.decide(query('fast'))
    answer()
    expect([permitOf(await slow).op, permitOf(await fast).op]).toEqual([1, 2])
    await recorded.close(END)
    const texts = eventsIn(parts.disk.files, ID).flatMap((event) =>
      event.kind === 'operation.intent' ? [event.text] : [],
    )
    expect(texts).toEqual(['slow', 'fast'])
  })

  it('leaves bytes that belong to none out of its result', async () => {
    const parts = harness()
    const { gate, recorded } = await openOn(parts)
    void gate.deliver(Buffer.from('greeting'))
    const permit = permitOf(await gate.decide(query('SELECT 1')))
    void gate.deliver(Buffer.from('row'))
    gate.settle(permit, done)
    await recorded.close(END)
    const outcome = eventsIn(parts.disk.files, ID).find((event) => event.kind === 'operation.outcome')
    expect(outcome).toMatchObject({ out: [8, 11], outSha256: sha256('row') })
  })

  it('records long bound values as bytes of the in stream', async () => {
    const parts = harness()
    const { gate, recorded } = await openOn(parts)
    const long = 'x'.repeat(20_000)
    const permit = permitOf(await gate.decide({ ...query('INSERT', 'write'), binds: ['short', long] }))
    gate.settle(permit, done)
    await recorded.close(END)
    const [, intent, outcome] = eventsIn(parts.disk.files, ID)
    expect(intent).toMatchObject({
      binds: [{ text: 'short' }, { format: 'text', in: [0, 20_000], sha256: sha256(long) }],
    })
    expect(outcome).not.toHaveProperty('in')
    const raw = framesIn(parts.disk.files).flatMap((frame) =>
      frame.type === 'raw' && frame.stream === 'in' ? [frame.bytes] : [],
    )
    expect(Buffer.concat(raw).toString()).toBe(long)
  })

  it('under way when the session closes is settled: unknown when it was sent, skipped when it was not', async () => {
    const parts = harness()
    parts.disk.autoSync = true
    const { gate, recorded, upstream } = await openOn(parts)
    const sent = permitOf(await gate.decide(query('one', 'read')))
    void gate.dispatch([sent], Buffer.from('one'))
    await turns()
    permitOf(await gate.decide(query('two', 'write')))
    await recorded.close(END)
    expect(upstream.written).toEqual(['one'])
    const outcomes = eventsIn(parts.disk.files, ID).filter((event) => event.kind === 'operation.outcome')
    expect(outcomes).toMatchObject([
      { op: 1, status: 'unknown' },
      { op: 2, status: 'skipped' },
    ])
  })
})

describe('a permit', () => {
  it('of another session, used up, or missing, sends nothing', async () => {
    const parts = harness()
    const one = await openOn(parts)
    const two = await openOn(parts, { session: 'ses_bbbbbbbbbbbbbbbbbbbb' })
    const permit = permitOf(await one.gate.decide(query('SELECT 1')))
    expect(() => two.gate.dispatch([permit], Buffer.from('x'))).toThrow(SallyportError)
    expect(() => one.gate.dispatch([], Buffer.from('x'))).toThrow(TypeError)
    expect(() => one.gate.dispatch([{ op: 1 } as never], Buffer.from('x'))).toThrow(SallyportError)
    one.gate.settle(permit, done)
    expect(() => one.gate.dispatch([permit], Buffer.from('x'))).toThrow(SallyportError)
    expect(() => one.gate.settle(permit, done)).toThrow(SallyportError)
    await turns()
    expect([...one.upstream.written, ...two.upstream.written]).toEqual([])
  })
})

describe('a disk that fails', () => {
  it('lets no command out, ends every session, and records their ends once it works again', async () => {
    const parts = harness()
    const { gate, recorded, upstream, client } = await openOn(parts)
    parts.disk.failAppends = new Error('ENOSPC')
    const permit = permitOf(await gate.decide(query('SELECT 1')))
    void gate.dispatch([permit], Buffer.from('SELECT 1'))
    void gate.deliver(Buffer.from('not recorded'))
    await turns()
    expect(gate.signal.aborted).toBe(true)
    expect(gate.ending).toMatchObject({ reason: 'recording-unavailable', denial: { kind: 'unavailable' } })
    expect((await gate.decide(query('SELECT 2'))).effect).toBe('deny')
    gate.farewell(Buffer.from('[sallyport:unavailable]'))
    gate.farewell(Buffer.alloc(5_000))
    expect(upstream.written).toEqual([])
    expect(client.written).toEqual(['[sallyport:unavailable]'])

    await recorded.close({ reason: 'error', detail: 'x' })
    await expect(openOn(parts, { session: 'ses_bbbbbbbbbbbbbbbbbbbb' })).rejects.toMatchObject({ code: 'unavailable' })
    parts.disk.failAppends = null
    await turns(12)
    expect(eventsIn(parts.disk.files, ID)).toMatchObject([
      { kind: 'session.open', seq: 0 },
      { kind: 'session.close', seq: 1, reason: 'recording-unavailable', out: 0 },
    ])
    await openOn(parts, { session: 'ses_bbbbbbbbbbbbbbbbbbbb' })
  })

  it('on sync ends every session, and the file is never synced as if nothing had been', async () => {
    const parts = harness()
    const { gate, upstream } = await openOn(parts)
    parts.disk.autoSync = false
    const permit = permitOf(await gate.decide(query('DELETE', 'write')))
    void gate.dispatch([permit], Buffer.from('DELETE'))
    await turns()
    parts.disk.finishSync(new Error('EIO'))
    while (parts.disk.pending.length > 0) parts.disk.finishSync()
    await turns()
    expect(upstream.written).toEqual([])
    expect(gate.ending?.reason).toBe('recording-unavailable')
    parts.disk.autoSync = true
    await openOn(parts, { session: 'ses_bbbbbbbbbbbbbbbbbbbb' })
    expect([...parts.disk.files.keys()]).toEqual([1, 2])
  })

  it('refuses a session whose first event does not reach it', async () => {
    const parts = harness()
    parts.disk.failCreates = new Error('EACCES')
    await expect(openOn(parts)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a store that is away', () => {
  it('stops commands once the oldest unshipped record is too old, and they go on when it is back', async () => {
    const parts = harness()
    const { gate } = await openOn(parts)
    parts.shipper.auto = false
    await turns()
    parts.shipper.commit()
    parts.shipper.reports?.store(false)
    expect((await gate.decide(query('SELECT 1'))).effect).toBe('allow')
    await turns()
    parts.time.nowMs += 60_000
    expect((await gate.decide(query('SELECT 2'))).effect).toBe('allow')
    parts.time.nowMs += 1
    expect(await gate.decide(query('SELECT 3'))).toMatchObject({ effect: 'deny', denial: { kind: 'unavailable' } })
    await expect(openOn(parts, { session: 'ses_bbbbbbbbbbbbbbbbbbbb' })).rejects.toMatchObject({ code: 'unavailable' })
    parts.shipper.reports?.store(true)
    expect((await gate.decide(query('SELECT 4'))).effect).toBe('allow')
  })

  it('stops commands once the spool holds too much, records refusals no further, and makes results wait', async () => {
    const parts = harness({ limits: { spoolBytes: 20_000, spoolMs: 60_000, recordingBytes: 1 << 30 } })
    parts.shipper.auto = false
    const { gate } = await openOn(parts)
    parts.shipper.reports?.store(false)
    expect(gate.deliver(Buffer.alloc(19_000))).toBeUndefined()
    await turns()
    expect((await gate.decide(query('SELECT 1'))).effect).toBe('allow')
    void gate.deliver(Buffer.alloc(1_000))
    await turns()
    const recorded = eventsIn(parts.disk.files, ID).length
    expect(await gate.decide(query('SELECT 2'))).toMatchObject({ denial: { kind: 'unavailable' } })
    let resumed = false
    const waiting = gate.deliver(Buffer.from('more'))?.then(() => {
      resumed = true
    })
    await turns()
    expect(eventsIn(parts.disk.files, ID)).toHaveLength(recorded)
    expect(resumed).toBe(false)
    parts.shipper.reports?.store(true)
    parts.shipper.asked = parts.recorder.spool.end
    parts.shipper.commit()
    await waiting
    expect((await gate.decide(query('SELECT 3'))).effect).toBe('allow')
  })

  it('ends strict sessions that wait for it, and what waited is never sent', async () => {
    const parts = harness()
    const { gate, upstream } = await openOn(parts, { strict: true })
    parts.shipper.auto = false
    const permit = permitOf(await gate.decide(query('SELECT 1')))
    void gate.dispatch([permit], Buffer.from('SELECT 1'))
    await turns()
    expect(upstream.written).toEqual([])
    parts.shipper.reports?.store(false)
    expect(gate.ending?.reason).toBe('recording-unavailable')
    parts.shipper.reports?.store(true)
    parts.shipper.commit()
    await turns()
    expect(upstream.written).toEqual([])
  })
})

describe('shipping', () => {
  it('goes on by itself with what was appended while the shipper was busy', async () => {
    const parts = harness()
    const { recorded } = await openOn(parts)
    await turns()
    parts.shipper.auto = false
    await recorded.gate.decide(query('SELECT 1', 'read'))
    await turns()
    const busyWith = parts.shipper.asked?.total
    // The session's last words: nothing comes after them that would ask for shipping again.
    await recorded.close(END)
    await turns()
    expect(parts.shipper.asked?.total).toBe(busyWith)
    parts.shipper.commit()
    await turns()
    expect(parts.shipper.asked?.total).toBe(parts.recorder.spool.end.total)
  })
})

describe('strict recording', () => {
  it('sends nothing, reads included, before the store has it', async () => {
    const parts = harness()
    const { gate, upstream } = await openOn(parts, { strict: true })
    parts.shipper.auto = false
    const permit = permitOf(await gate.decide(query('SELECT 1', 'read')))
    void gate.dispatch([permit], Buffer.from('SELECT 1'))
    await turns()
    expect(upstream.written).toEqual([])
    parts.shipper.commit()
    expect(upstream.written).toEqual(['SELECT 1'])
  })
})

describe('the recording limit', () => {
  for (const [size, cut] of [
    [999, false],
    [1_000, false],
    [1_001, true],
  ] as const) {
    it(`${cut ? 'cuts, visibly and with the hash of all,' : 'does not cut'} a result of ${size} bytes at a limit of 1000`, async () => {
      const parts = harness({ limits: { spoolBytes: 1 << 28, spoolMs: 60_000, recordingBytes: 1_000 } })
      const { gate, recorded, client } = await openOn(parts)
      const permit = permitOf(await gate.decide(query('SELECT 1')))
      const result = 'r'.repeat(size)
      void gate.deliver(Buffer.from(result))
      gate.settle(permit, done)
      await recorded.close(END)
      const outcome = eventsIn(parts.disk.files, ID).find((event) => event.kind === 'operation.outcome')
      expect(outcome).toMatchObject({ out: [0, size], outSha256: sha256(result) })
      expect('cut' in (outcome ?? {})).toBe(cut)
      const stored = framesIn(parts.disk.files).some((frame) => frame.type === 'raw')
      expect(stored).toBe(!cut)
      expect(client.written.join('')).toBe(result)
    })
  }
})

describe('back-pressure', () => {
  it('makes the reader of a target wait while the client takes nothing, and only then', async () => {
    const parts = harness()
    const { gate, client } = await openOn(parts)
    client.room = false
    let waiting: Promise<void> | undefined
    let delivered = 0
    while (waiting === undefined && delivered < 10_000_000) {
      waiting = gate.deliver(Buffer.alloc(10_000))
      delivered += 10_000
      await turns(2)
    }
    expect(delivered).toBeGreaterThan(2_000_000)
    expect(delivered).toBeLessThan(2_300_000)
    let resumed = false
    void waiting?.then(() => {
      resumed = true
    })
    await turns()
    expect(resumed).toBe(false)
    client.drain()
    await waiting
  })

  it('makes the reader of a client wait while the target takes nothing', async () => {
    const parts = harness()
    const { gate, upstream } = await openOn(parts)
    upstream.room = false
    const permit = permitOf(await gate.decide(query('COPY', 'write')))
    let waiting: Promise<void> | undefined
    let sent = 0
    while (waiting === undefined && sent < 10_000_000) {
      waiting = gate.stream(permit, Buffer.alloc(30_000))
      sent += 30_000
      await turns(3)
    }
    expect(sent).toBeLessThan(1_500_000)
    upstream.drain()
    await waiting
  })

  it('lets go of everybody who waits when the session ends', async () => {
    const parts = harness()
    const { gate, client, recorded } = await openOn(parts)
    client.room = false
    let waiting: Promise<void> | undefined
    while (waiting === undefined) {
      waiting = gate.deliver(Buffer.alloc(100_000))
      await turns(2)
    }
    await recorded.close(END)
    await waiting
  })
})

describe('ending a session', () => {
  it('aborts it, drops what was not sent yet and refuses what comes after', async () => {
    const parts = harness()
    parts.disk.autoSync = true
    const { gate, recorded, upstream, client } = await openOn(parts)
    const permit = permitOf(await gate.decide(query('DELETE', 'write')))
    void gate.dispatch([permit], Buffer.from('DELETE'))
    const denial = { kind: 'unavailable', reason: 'ended by Ada' } as const
    recorded.end('ended-by-person', denial)
    expect(gate.signal.aborted).toBe(true)
    expect(await gate.decide(query('SELECT 1'))).toEqual({ effect: 'deny', denial })
    gate.farewell(Buffer.from('bye'))
    await recorded.close({ reason: 'ended-by-person', detail: 'Ended by Ada.' })
    expect(upstream.written).toEqual([])
    expect(client.written).toEqual(['bye'])
    expect(eventsIn(parts.disk.files, ID).at(-1)).toMatchObject({
      kind: 'session.close',
      reason: 'ended-by-person',
      out: 3,
    })
  })
})
