import { expect, test } from 'vitest'
import { back, front, message } from './testing/messages'
import { startSession } from './testing/session-harness'

/** Answers to a Query that are out of turn, malformed or unknown. */
const NONSENSE: readonly (readonly [string, readonly Buffer[]])[] = [
  ['a row without a description', [back.dataRow('1')]],
  ['a row of the wrong width', [back.rowDescription('a', 'b'), back.dataRow('1')]],
  ['two descriptions in a row', [back.rowDescription('a'), back.rowDescription('a')]],
  ['ready without an answer', [back.ready()]],
  ['ready in the middle of rows', [back.rowDescription('a'), back.ready()]],
  ['an answer to another protocol', [back.parseComplete()]],
  ['suspension of a simple query', [back.rowDescription('a'), back.portalSuspended()]],
  ['the end of a copy that never started', [back.copyDone()]],
  ['a copy that ends without the client', [back.copyIn(), back.complete('COPY 1')]],
  ['a replication stream', [back.copyBoth()]],
  ['the answer to a function call', [message('V', Buffer.of(0, 0, 0, 0))]],
  ['an authentication request', [message('R', Buffer.of(0, 0, 0, 3))]],
  ['new cancel keys', [message('K', Buffer.alloc(8))]],
  ['a message of an unknown type', [message('@')]],
  ['a length that is too short', [Buffer.from([0x43, 0, 0, 0, 3])]],
  ['a negative length', [Buffer.from([0x44, 0xff, 0xff, 0xff, 0xff])]],
  ['a length beyond the limit', [back.rowDescription('a'), Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff])]],
  [
    'a row with a value that is too long',
    [back.rowDescription('a'), message('D', Buffer.from([0, 1, 0, 0, 0, 9, 65]))],
  ],
  ['a row with bytes left over', [back.rowDescription('a'), message('D', Buffer.from([0, 1, 0, 0, 0, 1, 65, 66]))]],
  ['an unknown transaction status', [back.complete('SELECT 1'), message('Z', Buffer.from('X'))]],
  ['an error without an end', [message('E', Buffer.from('SERROR\0'))]],
  ['a tag without an end', [message('C', Buffer.from('SELECT 1'))]],
  ['more statements than were asked', Array.from({ length: 101 }, () => back.complete('SELECT 1'))],
  ['an error after the last words', [back.error('57P01', 'bye', 'FATAL'), back.error('57P01', 'bye', 'FATAL')]],
]

test.each(NONSENSE)('a target that sends %s ends its own session with a clear word', async (_, answers) => {
  const { client, server, end } = startSession()
  client.send(front.query('select 1'))
  await server.on('Q', ...answers)
  const { reason, detail } = await end
  expect(['protocol-violation', 'limit-exceeded']).toContain(reason)
  expect(detail).toContain('The target')
  const types = await client.closed()
  expect(types.endsWith('E')).toBe(true)
  expect(client.received.at(-1)?.body.toString()).toMatch(/SFATAL.*C(08P01|54000|57P01)/s)
})

test.each([
  ['a row', back.dataRow('1')],
  ['ready', back.ready()],
  ['a complaint that is not its last word', back.error('42601')],
  ['a command tag', back.complete('SELECT 1')],
])('a target that sends %s when nothing was asked ends its own session', async (_, answer) => {
  const { server, end } = startSession()
  server.send(answer)
  expect((await end).reason).toBe('protocol-violation')
})

test('a long row is checked while it passes', async () => {
  const { client, server, end } = startSession()
  client.send(front.query('select 1'))
  const row = back.dataRow('x'.repeat(50_000), 'y')
  row.writeInt32BE(60_000, 7)
  await server.on('Q', back.rowDescription('a', 'b'))
  for (let at = 0; at < row.length; at += 1_000) server.send(row.subarray(at, at + 1_000))
  expect((await end).reason).toBe('protocol-violation')
})

test('nothing of ours lands inside a message that was delivered in part', async () => {
  const { client, server, gate, end } = startSession()
  client.send(front.query('select 1'))
  const row = back.dataRow('x'.repeat(50_000))
  await server.on('Q', back.rowDescription('a'), row.subarray(0, 20_000))
  await client.until('T')
  gate.end('idle', { kind: 'unavailable', reason: 'idle' })
  await end
  expect(gate.calls).not.toContain('farewell')
})

const GARBAGE: readonly (readonly [string, Buffer, string])[] = [
  ['an unknown type', message('@'), 'C08P01'],
  ['a password', message('p', Buffer.from('secret\0')), 'C08P01'],
  ['a length that is too short', Buffer.from([0x51, 0, 0, 0, 0]), 'C08P01'],
  ['a negative length', Buffer.from([0x42, 0xff, 0xff, 0xff, 0xff]), 'C08P01'],
  ['a Query without an end', message('Q', Buffer.from('select 1')), 'C08P01'],
  ['a Query with more behind its end', message('Q', Buffer.from('select 1\0drop table t\0')), 'C08P01'],
  ['a Parse that is cut short', message('P', Buffer.from('\0select 1\0')), 'C08P01'],
  ['a Bind with too few values', message('B', Buffer.from([0, 0, 0, 0, 0, 2, 0, 0])), 'C08P01'],
  ['a Describe of something else', message('D', Buffer.from('Xname\0')), 'C08P01'],
  ['an Execute that is cut short', message('E', Buffer.from([0, 0, 0])), 'C08P01'],
  ['a Sync with contents', message('S', Buffer.of(1)), 'C08P01'],
  ['a statement over the limit', Buffer.from([0x51, 0, 0x10, 0, 6]), 'C54000'],
  ['a message over the limit', Buffer.from([0x42, 4, 0, 0, 1]), 'C54000'],
]

test.each(GARBAGE)(
  'a client that sends %s ends its own session, and the target sees none of it',
  async (_, bytes, code) => {
    const { client, server, end } = startSession()
    client.send(bytes)
    expect(['protocol-violation', 'limit-exceeded']).toContain((await end).reason)
    expect(await client.closed()).toBe('E')
    expect(client.received[0]?.body.toString()).toContain(code)
    expect(await server.closed()).toBe('')
  },
)

test.each([
  ['one less than', 999],
  ['exactly', 1_000],
])('a statement of %s the limit is judged', async (_, size) => {
  const { client, server } = startSession({ limits: { statementBytes: 1_000 } })
  client.send(front.query('x'.repeat(size)), front.parse('', 'x'.repeat(size)))
  await server.on('QP')
})

test.each([
  ['Query', front.query('x'.repeat(1_001))],
  ['Parse', front.parse('', 'x'.repeat(1_001))],
])('a %s of one more than the limit is refused', async (_, bytes) => {
  const { client, server, end } = startSession({ limits: { statementBytes: 1_000 } })
  client.send(bytes)
  expect((await end).reason).toBe('limit-exceeded')
  expect(await server.closed()).toBe('')
})
