import { expect, test } from 'vitest'
import type { Denial } from '#lib/domain/denial'
import type { Operation } from '#proxy/core/ports'
import { back, front } from './testing/messages'
import { type Harness, startSession } from './testing/session-harness'

const NO: Denial = { kind: 'denied', policy: 'no-drop', reason: 'Tables are not dropped here' }

const dropsDenied = (operation: Operation): Denial | null => (operation.text.startsWith('drop') ? NO : null)

/** Plays the target towards the message that the gateway makes fail. */
async function failAsMade({ server }: Harness, status: 'I' | 'E'): Promise<void> {
  await server.on('DS', back.error('34000', 'portal does not exist'), back.ready(status))
}

test('nothing of a refused query is sent; the client is told in its own protocol and goes on', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  gate.rule = dropsDenied
  client.send(front.query('drop table t'))
  await failAsMade(harness, 'I')
  expect(await client.until('Z')).toBe('EZ')
  const words = client.received[0]?.body.toString() ?? ''
  expect(words).toContain('C42501')
  expect(words).toContain('M[sallyport:denied] no-drop: Tables are not dropped here')
  expect(words).toContain('DSession: https://gateway.test/sessions/1')
  client.send(front.query('select 1'))
  await server.on('Q', back.complete('SELECT 0'), back.ready())
  expect(await client.until('Z')).toBe('CZ')
  expect(Buffer.concat(server.received.map(({ bytes }) => bytes)).includes('drop')).toBe(false)
})

test('in a transaction a refusal leaves client and target in the same failed transaction', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  gate.rule = dropsDenied
  client.send(front.query('begin'))
  await server.on('Q', back.complete('BEGIN'), back.ready('T'))
  await client.until('Z')
  client.send(front.query('drop table t'))
  await failAsMade(harness, 'E')
  await client.until('Z')
  expect(client.received.at(-1)?.body.toString()).toBe('E')
})

test('a refusal keeps its place among pipelined answers', async () => {
  const { client, server, gate } = startSession()
  gate.rule = dropsDenied
  client.send(front.query('select 1'), front.query('drop table t'), front.query('select 2'))
  await server.on('QDSQ', back.complete('SELECT 1'), back.ready(), back.error('34000'), back.ready())
  server.send(back.complete('SELECT 2'), back.ready())
  for (const expected of ['CZ', 'EZ', 'CZ']) expect(await client.until('Z')).toBe(expected)
  expect(gate.settled.map(({ op, out }) => [op, out])).toEqual([
    [1, 'C'],
    [3, 'ZEZC'],
  ])
})

test('a refused Execute drops everything up to Sync and fails the transaction it was in', async () => {
  const { client, server, gate } = startSession()
  gate.rule = (operation) => (operation.type === 'execute' ? dropsDenied(operation) : null)
  client.send(
    ...[front.parse('', 'insert into t'), front.bind(), front.execute()],
    ...[front.parse('', 'drop table t'), front.bind(), front.execute()],
    ...[front.parse('', 'select 1'), front.bind(), front.execute(), front.query('select 2'), front.sync()],
  )
  await server.on('PBEPDS', back.parseComplete(), back.bindComplete(), back.complete('INSERT 0 1'))
  server.send(back.parseComplete(), back.error('34000'), back.ready())
  expect(await client.until('Z')).toBe('12C1EZ')
  expect(gate.decided.map(({ text }) => text)).not.toContain('select 1')
  expect(client.received.at(-2)?.body.toString()).toContain('C42501')
})

test('an error before a refused Execute is what the client sees', async () => {
  const { client, server, gate } = startSession()
  gate.rule = (operation) => (operation.type === 'execute' ? NO : null)
  client.send(front.parse('', 'selec'), front.bind(), front.execute(), front.sync())
  await server.on('PDS', back.error('42601', 'syntax error'), back.ready())
  expect(await client.until('Z')).toBe('EZ')
  expect(client.received[0]?.body.toString()).toContain('syntax error')
})

test.each<[Denial, string]>([
  [{ kind: 'rejected', review: 'rev_1', reason: 'no' } as Denial, 'C42501'],
  [{ kind: 'pending', review: 'rev_1', url: 'https://x' } as Denial, 'C42501'],
  [{ kind: 'expired', review: 'rev_1' } as Denial, 'C57014'],
  [{ kind: 'unavailable', reason: 'the store is away' }, 'C57P03'],
])('a denial has its own SQLSTATE: %j', async (denial, code) => {
  const harness = startSession()
  harness.gate.rule = () => denial
  harness.client.send(front.query('select 1'))
  await failAsMade(harness, 'I')
  await harness.client.until('Z')
  expect(harness.client.received[0]?.body.toString()).toContain(code)
})

test('while a decision is awaited nothing behind it is judged or sent, and what was before goes out', async () => {
  const { client, server, gate } = startSession()
  let decide: (denial: Denial | null) => void = () => {}
  gate.rule = ({ text }) => (text === 'update t' ? new Promise((resolve) => (decide = resolve)) : null)
  client.send(front.query('select 1'), front.query('update t'), front.query('select 2'))
  await server.on('Q', back.complete('SELECT 1'), back.ready())
  await client.until('Z')
  expect(gate.decided).toHaveLength(2)
  decide(null)
  await server.on('QQ')
  expect(gate.calls).toEqual([
    'decide 1',
    'decide 2',
    'dispatch 1',
    'deliver C',
    'settle 1',
    'deliver Z',
    'decide 3',
    'dispatch 2 3',
  ])
})

test('an operation allowed after the target had failed before it is settled as skipped and not sent', async () => {
  const { client, server, gate } = startSession()
  let decide: (denial: Denial | null) => void = () => {}
  gate.rule = ({ type }) => (type === 'execute' ? new Promise((resolve) => (decide = resolve)) : null)
  client.send(front.parse('', 'update t'), front.bind(), front.flush(), front.execute(), front.sync())
  await server.on('PBH', back.parseComplete(), back.error('42P01'))
  expect(await client.until('E')).toBe('1E')
  decide(null)
  await server.on('S', back.ready())
  expect(await client.until('Z')).toBe('Z')
  expect(gate.settled.map(({ op, status }) => [op, status])).toEqual([
    [1, 'ok'],
    [2, 'error'],
    [3, 'skipped'],
  ])
})

test.each([
  ['allowed', null],
  ['denied', { kind: 'denied', policy: 'default', reason: 'No policy permits this.' } as const],
])('a FunctionCall that policy has %s is refused in its own protocol, with what to do instead', async (_, denial) => {
  const harness = startSession()
  const { client, gate } = harness
  gate.rule = () => denial
  client.send(front.functionCall(1_598))
  await failAsMade(harness, 'I')
  expect(await client.until('Z')).toBe('EZ')
  expect(client.received[0]?.body.toString()).toContain('C0A000')
  expect(gate.decided).toMatchObject([{ type: 'function-call', text: 'function 1598', effect: 'write' }])
  expect(client.received[0]?.body.toString()).toContain('Call it by its name, with SELECT.')
  expect(gate.settled).toMatchObject(denial ? [] : [{ op: 1, status: 'refused' }])
})

test.each([
  ['one less than', 2, 'Q'],
  ['exactly', 3, 'Q'],
  ['one more than', 4, 'DS'],
])('%s the limit of statements in a message', async (_, count, expected) => {
  const { client, server } = startSession({ limits: { statementsPerMessage: 3 } })
  client.send(front.query('select 1;'.repeat(count)))
  await server.on(expected)
})

test('a portal that passes for the failing message ends the session', async () => {
  const { client, server, gate, end } = startSession()
  gate.rule = dropsDenied
  client.send(front.query('drop table t'))
  await server.on('DS', back.rowDescription('x'), back.ready())
  expect((await end).reason).toBe('protocol-violation')
})
