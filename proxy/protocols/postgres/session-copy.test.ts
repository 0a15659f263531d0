import { expect, test } from 'vitest'
import { back, front } from './testing/messages'
import { startSession } from './testing/session-harness'

test('COPY in: data goes through the operation that asked for it, and is settled with it', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.send(front.copyData('a\n'), front.copyData('b\n'), front.copyDone())
  await server.on('ddc', back.complete('COPY 2'), back.ready())
  expect(await client.until('Z')).toBe('CZ')
  expect(gate.calls.filter((call) => call.startsWith('stream'))).toEqual(['stream 1', 'stream 1', 'stream 1'])
  expect(gate.settled[0]).toMatchObject({ status: 'ok', rows: 2, out: 'GC' })
})

test('COPY data that is sent before the target asks for it waits', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('copy t from stdin'), front.copyData('a\n'), front.copyDone(), front.query('select 1'))
  await server.on('QH')
  expect(gate.decided).toHaveLength(1)
  server.send(back.copyIn())
  await server.on('dc', back.complete('COPY 1'), back.ready())
  await server.on('Q')
})

test('COPY data for a copy that never starts is dropped', async () => {
  const { client, server } = startSession()
  client.send(front.query('copy t from stdin'), front.copyData('a\n'), front.copyDone(), front.query('select 1'))
  await server.on('QH', back.error('42P01'), back.ready())
  await server.on('Q')
  expect(await client.until('Z')).toBe('EZ')
})

test('a copy that fails in the middle is an error, and what is still sent for it is dropped', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.send(front.copyData('bad\n'))
  await server.on('d', back.error('22P02'), back.ready())
  expect(await client.until('Z')).toBe('EZ')
  client.send(front.copyData('more\n'), front.copyDone(), front.query('select 1'))
  await server.on('Q')
  expect(gate.settled[0]).toMatchObject({ status: 'error', error: { code: '22P02' } })
})

test('a copy that the client gives up is an error', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.send(front.copyFail('changed my mind'))
  await server.on('f', back.error('57014'), back.ready())
  await client.until('Z')
  expect(gate.settled[0]?.status).toBe('cancelled')
})

test('a long CopyData message passes in pieces, byte for byte', async () => {
  const { client, server } = startSession()
  const data = front.copyData(Buffer.alloc(300_000, 'x'))
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  for (let at = 0; at < data.length; at += 50_000) client.send(data.subarray(at, at + 50_000))
  client.send(front.copyDone())
  expect((await server.next()).bytes.equals(data)).toBe(true)
  await server.on('c')
})

test('a copy that fails inside a long CopyData message leaves the target in step', async () => {
  const { client, server } = startSession()
  const data = front.copyData(Buffer.alloc(100_000, 'x'))
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.send(data.subarray(0, 50_000))
  server.send(back.error('22P02'), back.ready())
  await client.until('Z')
  client.send(data.subarray(50_000), front.query('select 1'))
  await server.on('dQ')
})

test('a long CopyData message for a copy that is over is dropped whole', async () => {
  const { client, server } = startSession()
  const data = front.copyData(Buffer.alloc(100_000, 'x'))
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn(), back.error('22P02'), back.ready())
  await client.until('Z')
  client.send(data.subarray(0, 50_000))
  client.send(data.subarray(50_000), front.query('select 1'))
  await server.on('Q')
})

test.each([
  ['short', front.copyData('a\n')],
  ['long', front.copyData(Buffer.alloc(100_000, 'x'))],
])('%s COPY data that no copy ever asked for breaks the protocol', async (_, data) => {
  const { client, gate } = startSession()
  client.send(data)
  expect(await client.until('E')).toBe('E')
  expect(gate.calls.filter((call) => call.startsWith('stream') || call.startsWith('dispatch'))).toEqual([])
})

test('extended COPY in: the Sync sent with the Execute is swallowed by the copy', async () => {
  const { client, server, gate } = startSession()
  client.send(front.parse('', 'copy t from stdin'), front.bind(), front.execute(), front.sync())
  await server.on('PBES', back.parseComplete(), back.bindComplete(), back.copyIn())
  expect(await client.until('G')).toBe('12G')
  client.send(front.copyData('a\n'), front.flush(), front.copyDone(), front.sync())
  await server.on('dcS', back.complete('COPY 1'), back.ready())
  expect(await client.until('Z')).toBe('CZ')
  client.send(front.query('select 1'))
  await server.on('Q', back.complete('SELECT 0'), back.ready())
  expect(await client.until('Z')).toBe('CZ')
  expect(gate.settled.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
})

test.each([
  ['had read the early Sync', []],
  ['had not read the early Sync', [back.ready()]],
])('extended COPY in fails when the target %s', async (_, early) => {
  const { client, server } = startSession()
  client.send(front.parse('', 'copy t from stdin'), front.bind(), front.execute(), front.sync())
  await server.on('PBES', back.parseComplete(), back.bindComplete(), back.copyIn(), back.error('57014'), ...early)
  expect(await client.until('E')).toBe('12GE')
  client.send(front.copyData('a\n'), front.copyDone(), front.sync(), front.query('select 1'))
  await server.on('SQ', back.ready(), back.complete('SELECT 0'), back.ready())
  await client.until('C')
  expect(await client.until('Z')).toBe('Z')
})

test('a Sync inside a copy that fails counts', async () => {
  const { client, server } = startSession()
  client.send(front.parse('', 'copy t from stdin'), front.bind(), front.execute(), front.flush())
  await server.on('PBEH', back.parseComplete(), back.bindComplete(), back.copyIn())
  await client.until('G')
  client.send(front.sync(), front.copyData('bad\n'))
  await server.on('d', back.error('22P02'))
  await server.on('S', back.ready())
  expect(await client.until('Z')).toBe('EZ')
})

test('COPY out', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('copy t to stdout'))
  await server.on('Q', back.copyOut(), back.copyData('a\n'), back.copyData(Buffer.alloc(200_000)), back.copyDone())
  server.send(back.complete('COPY 2'), back.ready())
  expect(await client.until('Z')).toBe('HddcCZ')
  expect(gate.settled[0]).toMatchObject({ status: 'ok', rows: 2 })
})

test('COPY out that fails in the middle', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('copy t to stdout'))
  await server.on('Q', back.copyOut(), back.copyData('a\n'), back.error('22012'), back.ready())
  expect(await client.until('Z')).toBe('HdEZ')
  expect(gate.settled[0]?.status).toBe('error')
})

test('a command while copying in ends the session', async () => {
  const { client, server, end } = startSession()
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.send(front.query('drop table t'))
  expect((await end).reason).toBe('protocol-violation')
  expect(await server.closed()).toBe('')
})

test('Terminate while copying in ends the session', async () => {
  const { client, server, end } = startSession()
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.send(front.terminate())
  await server.on('X')
  server.hangUp()
  expect((await end).reason).toBe('client-closed')
})

test('a client that is lost inside a long CopyData message says no goodbye in its middle', async () => {
  const { client, server, end } = startSession()
  client.send(front.query('copy t from stdin'))
  await server.on('Q', back.copyIn())
  await client.until('G')
  client.stream.end(front.copyData(Buffer.alloc(100_000, 'x')).subarray(0, 50_000))
  expect((await end).reason).toBe('client-lost')
  expect(await server.closed()).toBe('')
})
