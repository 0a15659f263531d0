import { expect, test } from 'vitest'
import type { Denial } from '#lib/domain/denial'
import type { ReviewId } from '#lib/domain/ids'
import { back, front } from './testing/messages'
import { type Harness, startSession } from './testing/session-harness'

const REVIEW = 'rev_00000000000000000001' as ReviewId
const NOTICE = { review: REVIEW, url: 'https://gateway.test/inbox/1' }
const REJECTED: Denial = { kind: 'rejected', review: REVIEW, reason: 'not on a Friday' }
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Holds `update t`; what the test then says decides. */
function holding(harness: Harness): { decide(denial: Denial | null): void; texts: string[] } {
  const held = { decide: (_: Denial | null): void => undefined, texts: [] as string[] }
  harness.gate.rule = ({ text, type }, tell) => {
    held.texts.push(text)
    if (text !== 'update t' || type === 'prepare') return null
    tell?.(NOTICE)
    return new Promise((resolve) => {
      held.decide = resolve
    })
  }
  return held
}

test('the client is told at once that its command waits for people, and gets the result once it is approved', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  const held = holding(harness)
  client.send(front.query('update t'))
  expect(await client.until('N')).toBe('N')
  const words = client.received[0]?.body.toString() ?? ''
  expect(words).toContain('SNOTICE')
  expect(words).toContain('C00000')
  expect(words).toContain(`M[sallyport:held ${REVIEW}] waiting for approval: https://gateway.test/inbox/1`)
  expect(server.received).toEqual([])
  held.decide(null)
  await server.on('Q', back.complete('UPDATE 1'), back.ready())
  expect(await client.until('Z')).toBe('CZ')
  expect(gate.settled[0]).toMatchObject({ op: 1, status: 'ok', out: 'NC' })
})

test('a rejection leaves client and target in the same state, in a transaction and outside', async () => {
  for (const [before, after] of [
    ['I', 'I'],
    ['T', 'E'],
  ] as const) {
    const harness = startSession()
    const { client, server } = harness
    const held = holding(harness)
    client.send(front.query('begin'))
    await server.on('Q', back.complete('BEGIN'), back.ready(before))
    await client.until('Z')
    client.send(front.query('update t'))
    await client.until('N')
    held.decide(REJECTED)
    await server.on('DS', back.error('34000'), back.ready(after))
    expect(await client.until('Z')).toBe('EZ')
    const [words, status] = client.received.slice(-2).map(({ body }) => body.toString())
    expect(words).toContain('C42501')
    expect(words).toContain(`M[sallyport:rejected ${REVIEW}] not on a Friday`)
    expect(status).toBe(after)
  }
})

test('nothing behind it is judged or sent, whatever the protocol, and all of it follows', async () => {
  const harness = startSession()
  const { client, server } = harness
  const held = holding(harness)
  client.send(
    ...[front.parse('', 'update t'), front.bind(), front.execute(), front.sync()],
    ...[front.parse('', 'select 1'), front.bind(), front.execute(), front.sync(), front.query('select 2')],
  )
  await client.until('N')
  await turn()
  expect(held.texts).toEqual(['update t', 'update t'])
  expect(server.received.map(({ type }) => type).join('')).toBe('P')
  held.decide(null)
  await server.on('PBESPBESQ')
})

test('a rejected Execute drops what is behind it up to Sync, and no more', async () => {
  const harness = startSession()
  const { client, server } = harness
  const held = holding(harness)
  client.send(
    ...[front.parse('', 'update t'), front.bind(), front.execute()],
    ...[front.parse('', 'select 1'), front.bind(), front.execute(), front.sync(), front.query('select 2')],
  )
  await client.until('N')
  held.decide(REJECTED)
  await server.on('PDSQ', back.parseComplete(), back.error('34000'), back.ready())
  server.send(back.complete('SELECT 1'), back.ready())
  expect(await client.until('Z')).toBe('1EZ')
  expect(await client.until('Z')).toBe('CZ')
  expect(held.texts).not.toContain('select 1')
})

test('the notice waits for the end of a long message of the target', async () => {
  const harness = startSession()
  const { client, server } = harness
  const held = holding(harness)
  client.send(front.query('select 1'))
  const row = back.dataRow('x'.repeat(20_000))
  await server.on('Q', back.rowDescription('x'), row.subarray(0, 5_000))
  await turn()
  client.send(front.query('update t'))
  await turn()
  expect(held.texts).toHaveLength(2)
  server.send(row.subarray(5_000), back.complete('SELECT 1'), back.ready())
  await client.until('Z')
  expect(client.received.map(({ type }) => type).join('')).toBe('TDNCZ')
  held.decide(null)
  await server.on('Q')
})

test('a client that goes away takes its command back, and nothing of it is sent', async () => {
  const harness = startSession()
  const { client, server, gate, end } = harness
  holding(harness)
  client.send(front.query('update t'))
  await client.until('N')
  client.stream.destroy()
  harness.socket.destroy()
  expect((await end).reason).toBe('client-lost')
  expect(gate.calls).toContain('withdraw client-gone')
  expect(server.received.filter(({ type }) => type === 'Q')).toEqual([])
})

test('so does one that sends no more', async () => {
  const harness = startSession()
  const { client, gate } = harness
  holding(harness)
  client.send(front.query('update t'))
  await client.until('N')
  client.stream.end()
  await turn()
  expect(gate.calls).toContain('withdraw client-gone')
})

test('what ended before its notice is noticed with it', async () => {
  const harness = startSession()
  const { client, gate } = harness
  let tell: () => void = () => undefined
  gate.rule = (_, held) => {
    tell = () => held?.(NOTICE)
    return new Promise(() => undefined)
  }
  client.send(front.query('update t'))
  await turn()
  client.stream.end()
  await turn()
  tell()
  await turn()
  expect(gate.calls).toContain('withdraw client-gone')
})

test('a cancel request takes it back: the client reads what PostgreSQL says, and the session goes on', async () => {
  const harness = startSession()
  const { client, server, gate, holds } = harness
  const held = holding(harness)
  client.send(front.query('update t'))
  await client.until('N')
  expect(holds.cancel()).toBe(true)
  expect(gate.calls).toContain('withdraw by-requester')
  held.decide({ kind: 'denied', policy: 'sallyport', reason: 'it was taken back' })
  await server.on('DS', back.error('34000'), back.ready())
  expect(await client.until('Z')).toBe('EZ')
  const words = client.received.at(-2)?.body.toString()
  expect(words).toContain('C57014')
  expect(words).toContain('Mcanceling statement due to user request')
  client.send(front.query('select 1'))
  await server.on('Q')
})

test('a cancel request is the target’s where nothing is held', async () => {
  const { client, server, holds } = startSession()
  client.send(front.query('select 1'))
  await server.on('Q')
  expect(holds.cancel()).toBe(false)
})

test('the client is read on while it waits, up to a bound', async () => {
  const harness = startSession()
  const { client, socket } = harness
  const held = holding(harness)
  client.send(front.query('update t'))
  await client.until('N')
  expect(socket.isPaused()).toBe(false)
  const behind = front.query(`select ${'1'.repeat(100_000)}`)
  for (let sent = 0; sent < 1_100_000; sent += behind.length) {
    client.send(behind)
    await turn()
  }
  expect(socket.isPaused()).toBe(true)
  held.decide(REJECTED)
  await turn()
  expect(socket.isPaused()).toBe(false)
})

test('while a decision takes time that is not about people, the client is not read', async () => {
  const { client, gate, socket } = startSession()
  gate.rule = () => new Promise(() => undefined)
  client.send(front.query('update t'))
  await turn()
  expect(socket.isPaused()).toBe(true)
})

test('a target that ends the idle transaction meanwhile ends the session with its own words', async () => {
  const harness = startSession()
  const { client, server, end } = harness
  holding(harness)
  client.send(front.query('update t'))
  await client.until('N')
  server.send(back.error('25P03', 'terminating connection due to idle-in-transaction timeout', 'FATAL'))
  server.hangUp()
  expect((await end).reason).toBe('target-closed')
  expect(await client.closed()).toBe('E')
})

test('an approved Execute that was suspended goes on without another approval; a portal bound anew does not', async () => {
  const { client, server, gate } = startSession()
  const continues: (number | undefined)[] = []
  gate.rule = (operation) => {
    if (operation.type === 'execute') continues.push(operation.continues?.op)
    return null
  }
  client.send(front.parse('s', 'update t'), front.sync())
  await server.on('PS', back.parseComplete(), back.ready('T'))
  await client.until('Z')
  const bind = front.bind({ statement: 's', portal: 'p' })
  client.send(bind, front.execute('p', 1), front.execute('p', 1), front.execute('p', 0), front.sync())
  await server.on('BEH', back.bindComplete(), back.dataRow('1'), back.portalSuspended())
  await server.on('EH', back.dataRow('1'), back.portalSuspended())
  await server.on('ES', back.complete('UPDATE 3'), back.ready('T'))
  await client.until('Z')
  client.send(front.execute('p'), front.close('P', 'p'), bind, front.execute('p'), front.sync())
  await server.on('EC', back.complete('UPDATE 0'), back.closeComplete())
  await server.on('BES')
  expect(continues).toEqual([undefined, 2, 3, undefined, undefined])
})

test('an Execute goes on with a Bind that was judged alone, once', async () => {
  const { client, server, gate } = startSession()
  const continues: (number | undefined)[] = []
  gate.rule = (operation) => {
    if (operation.type === 'execute') continues.push(operation.continues?.op)
    return null
  }
  client.send(front.parse('', 'update t'), front.bind(), front.flush(), front.execute(), front.execute(), front.sync())
  await server.on('PBHEH', back.parseComplete(), back.bindComplete(), back.complete('UPDATE 1'))
  await server.on('ES')
  expect(continues).toEqual([2, undefined])
})
