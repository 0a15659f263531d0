import { expect, test } from 'vitest'
import { back, front } from './testing/messages'
import { startSession } from './testing/session-harness'

function queryOf(text: Buffer): Buffer {
  const query = Buffer.concat([front.query('').subarray(0, 5), text, Buffer.of(0)])
  query.writeInt32BE(query.length - 1, 1)
  return query
}

test('a query is judged, sent, answered and settled, in that order', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select 1'))
  await server.on('Q', back.rowDescription('x'), back.dataRow('1'), back.complete('SELECT 1'), back.ready())
  expect(await client.until('Z')).toBe('TDCZ')
  expect(gate.calls).toEqual(['decide 1', 'dispatch 1', 'deliver TDC', 'settle 1', 'deliver Z'])
  expect(gate.decided).toMatchObject([{ type: 'query', text: 'select 1', effect: 'read' }])
  expect(gate.settled).toEqual([
    { op: 1, status: 'ok', rows: 1, statements: [{ tag: 'SELECT 1', rows: 1 }], out: 'TDC' },
  ])
})

test('what the target sends reaches the client byte for byte, however it is cut', async () => {
  const { client, server } = startSession()
  const answers = [
    back.rowDescription('a', 'b'),
    back.dataRow('x'.repeat(9_000), null),
    back.complete('SELECT 1'),
    back.ready(),
  ]
  client.send(front.query('select 1'))
  await server.on('Q')
  server.trickle(Buffer.concat(answers))
  await client.until('Z')
  expect(Buffer.concat(client.received.map(({ bytes }) => bytes))).toEqual(Buffer.concat(answers))
})

test('what the client sends reaches the target byte for byte, however it is cut', async () => {
  const { client, server, gate } = startSession()
  const query = front.query('select 1')
  for (const byte of query) client.send(Buffer.of(byte))
  expect((await server.next()).bytes).toEqual(query)
  expect(gate.decided).toHaveLength(1)
})

test('every statement of a message has its outcome', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select 1; insert into t; select 2'))
  const row = [back.rowDescription('x'), back.dataRow('1'), back.complete('SELECT 1')]
  await server.on('Q', ...row, back.complete('INSERT 0 7'), ...row, back.ready())
  await client.until('Z')
  expect(gate.settled[0]).toMatchObject({
    status: 'ok',
    rows: 9,
    statements: [
      { tag: 'SELECT 1', rows: 1 },
      { tag: 'INSERT 0 7', rows: 7 },
      { tag: 'SELECT 1', rows: 1 },
    ],
  })
})

test('an empty query is settled with an empty tag', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query(''))
  await server.on('Q', back.emptyQuery(), back.ready())
  expect(await client.until('Z')).toBe('IZ')
  expect(gate.settled[0]).toMatchObject({ status: 'ok', statements: [{ tag: '', rows: 0 }] })
})

test('an error is settled with its code, severity and message', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select 1; select 1/0'))
  await server.on('Q', back.complete('SELECT 1'), back.error('22012', 'division by zero'), back.ready('E'))
  expect(await client.until('Z')).toBe('CEZ')
  expect(gate.settled[0]).toMatchObject({
    status: 'error',
    error: { code: '22012', severity: 'ERROR', message: 'division by zero' },
    out: 'CE',
  })
})

test('a statement that was cancelled is settled as cancelled', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select pg_sleep(9)'))
  await server.on('Q', back.error('57014', 'canceling statement'), back.ready())
  await client.until('Z')
  expect(gate.settled[0]?.status).toBe('cancelled')
})

test('pipelined queries are settled one by one, each with its own answer', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select 1'), front.query('update t'), front.query('select 3'))
  await server.on('QQQ')
  server.send(
    ...[back.rowDescription('x'), back.dataRow('1'), back.complete('SELECT 1'), back.ready()],
    ...[back.error('42P01'), back.ready()],
    ...[back.rowDescription('x'), back.complete('SELECT 0'), back.ready()],
  )
  for (const expected of ['TDCZ', 'EZ', 'TCZ']) expect(await client.until('Z')).toBe(expected)
  expect(gate.settled.map(({ op, status, out }) => ({ op, status, out }))).toEqual([
    { op: 1, status: 'ok', out: 'TDC' },
    { op: 2, status: 'error', out: 'ZE' },
    { op: 3, status: 'ok', out: 'ZTC' },
  ])
  expect(gate.calls[3]).toBe('dispatch 1 2 3')
})

test('notices, notifications and parameters may come at any time', async () => {
  const { client, server, gate } = startSession()
  const odd = [back.notice('n'), back.notification('c', 'p'), back.parameterStatus('TimeZone', 'UTC')]
  server.send(...odd)
  expect(await client.until('S')).toBe('NAS')
  client.send(front.query('select 1'))
  await server.on(
    'Q',
    ...odd,
    back.rowDescription('x'),
    ...odd,
    back.dataRow('1'),
    ...odd,
    back.complete('SELECT 1'),
    ...odd,
  )
  server.send(back.ready())
  expect(await client.until('Z')).toBe('NASTNASDNASCNASZ')
  expect(gate.settled[0]?.status).toBe('ok')
})

test('a text that is not UTF-8 is recorded as base64 and never known to only read', async () => {
  const { client, server, gate } = startSession()
  const bytes = Buffer.from("select '\xe9'", 'latin1')
  client.send(queryOf(bytes))
  await server.on('Q')
  expect(gate.decided[0]).toMatchObject({
    type: 'query',
    text: bytes.toString('base64'),
    encoding: 'base64',
    effect: 'write',
  })
})

test.each(['SJIS', undefined])(
  'beyond ASCII nothing is known to only read when the client encoding is %s',
  async (encoding) => {
    const parameters = new Map(encoding === undefined ? [] : [['client_encoding', encoding]])
    const { client, server, gate } = startSession({ parameters })
    client.send(front.query('select é'))
    await server.on('Q')
    expect(gate.decided[0]).toMatchObject({ text: 'select é', effect: 'write' })
  },
)

test('beyond ASCII nothing is known to only read while something under way may change the encoding', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('set client_encoding'), front.query('select é'))
  await server.on('QQ', back.complete('SET'), back.ready(), back.complete('SET'), back.ready())
  await client.until('Z')
  await client.until('Z')
  client.send(front.query('select é'))
  await server.on('Q')
  expect(gate.decided.map(({ effect }) => effect)).toEqual(['write', 'write', 'read'])
})

test('what the target says of its settings counts from then on', async () => {
  const { client, server, gate } = startSession()
  const ask = async (...said: Buffer[]) => {
    client.send(front.query('select é'))
    await server.on('Q', back.complete('SELECT 0'), ...said, back.ready())
    await client.until('Z')
  }
  await ask(back.parameterStatus('client_encoding', 'LATIN1'))
  await ask(back.parameterStatus('client_encoding', 'UTF8'))
  await ask()
  expect(gate.decided.map(({ effect }) => effect)).toEqual(['read', 'write', 'read'])
})

test('a backslash is not relied on while standard_conforming_strings is off', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select 1'))
  const off = back.parameterStatus('standard_conforming_strings', 'off')
  await server.on('Q', back.complete('SELECT 1'), off, back.ready())
  await client.until('Z')
  client.send(front.query("select '\\'; drop table t --'"))
  await server.on('Q')
  expect(gate.decided.at(-1)?.facts?.facts.standing).toBe('unparsed')
})

test('bytes that are not UTF-8 are judged as what they are, not as what records them', async () => {
  const { client, server, gate } = startSession()
  client.send(queryOf(Buffer.from('\xe9', 'latin1')))
  await server.on('Q')
  expect(gate.decided[0]).toMatchObject({ encoding: 'base64', facts: { facts: { standing: 'unparsed' } } })
})

test('bytes that were read behind the handshake are not lost', async () => {
  const { client, server } = startSession({
    clientHead: front.query('select 1'),
    upstreamHead: back.notice('welcome'),
  })
  expect(await client.until('N')).toBe('N')
  await server.on('Q')
})

test('Terminate reaches the target, which may finish what it has', async () => {
  const { client, server, gate, end } = startSession()
  client.send(front.query('insert into t'), front.terminate())
  await server.on('QX', back.complete('INSERT 0 1'), back.ready())
  server.hangUp()
  expect(await end).toEqual({ reason: 'client-closed', detail: 'The client ended the session' })
  expect(gate.settled[0]?.status).toBe('ok')
})

test('nothing the client sends after Terminate is looked at', async () => {
  const { client, server, gate, end } = startSession()
  client.send(front.terminate(), front.query('drop table t'))
  await server.on('X')
  server.hangUp()
  await end
  expect(gate.decided).toEqual([])
})

test('a client that half-closes still gets its answers, and the target a goodbye', async () => {
  const { client, server, gate, end } = startSession()
  client.stream.end(front.query('select 1'))
  await server.on('QX', back.complete('SELECT 0'), back.ready())
  server.hangUp()
  expect((await end).reason).toBe('client-lost')
  expect(await client.closed()).toBe('CZ')
  expect(gate.settled[0]?.status).toBe('ok')
})

test('a client that disappears ends the session', async () => {
  const { socket, end } = startSession()
  socket.destroy(new Error('ECONNRESET'))
  expect((await end).reason).toBe('client-lost')
})

test('a target that hangs up ends the session with a clear word to the client', async () => {
  const { client, server, end } = startSession()
  server.hangUp()
  const last = await client.next()
  expect(last.type).toBe('E')
  expect(last.body.toString()).toContain('[sallyport:unavailable] The target closed the connection')
  expect((await end).reason).toBe('target-closed')
})

test("a target's own last words are passed on, and nothing is added", async () => {
  const { client, server, gate, end } = startSession()
  client.send(front.query('select 1'))
  await server.on('Q', back.error('57P01', 'terminating connection', 'FATAL'))
  server.hangUp()
  expect((await end).detail).toContain('terminating connection')
  expect(await client.closed()).toBe('E')
  expect(gate.settled[0]).toMatchObject({ status: 'error', error: { code: '57P01', severity: 'FATAL' } })
})

test('a session that is ended says why, and ends as it was told', async () => {
  const { client, gate, end } = startSession()
  gate.end('ended-by-person', { kind: 'denied', policy: 'sallyport', reason: 'An admin ended the session' })
  const last = await client.next()
  expect(last.body.toString()).toContain('SFATAL')
  expect(last.body.toString()).toContain('[sallyport:denied] sallyport: An admin ended the session')
  expect(await end).toMatchObject({ reason: 'ended-by-person' })
})

test('while the client is slow nothing more is read from the target', async () => {
  const { client, server, gate, upstream } = startSession()
  let open = () => {}
  gate.room = new Promise((resolve) => {
    open = resolve
  })
  client.send(front.query('select 1'))
  await server.on('Q', back.rowDescription('x'))
  await client.until('T')
  expect(upstream.paused).toBe(true)
  gate.room = undefined
  server.send(back.complete('SELECT 0'), back.ready())
  open()
  expect(await client.until('Z')).toBe('CZ')
  expect(upstream.paused).toBe(false)
})
