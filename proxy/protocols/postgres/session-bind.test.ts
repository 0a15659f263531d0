import { expect, test } from 'vitest'
import type { Denial } from '#lib/domain/denial'
import { back, front } from './testing/messages'
import { startSession } from './testing/session-harness'

const NO: Denial = { kind: 'denied', policy: 'no-drop', reason: 'Tables are not dropped here' }
const parse = front.parse('', 'update t set x = $1')
const bind = front.bind({ values: ['secret'] })

test('values go out together with the Execute that was judged and recorded with them', async () => {
  const { client, server, gate } = startSession()
  client.send(parse)
  await server.on('P', back.parseComplete())
  client.send(bind)
  client.send(front.describe('P', ''))
  client.send(front.execute(), front.sync())
  await server.on('BDES')
  expect(gate.calls).toEqual(['decide 1', 'dispatch 1', 'settle 1', 'deliver 1', 'decide 2', 'dispatch 2'])
  expect(gate.decided[1]).toMatchObject({ type: 'execute', binds: ['secret'] })
})

test.each([
  ['a Sync', 'BS', [front.sync()]],
  ['a Flush', 'BH', [front.flush()]],
  ['a Describe and a Sync', 'BDS', [front.describe('P', ''), front.sync()]],
  ['another Bind', 'BBES', [front.bind({ portal: 'other', values: ['2'] }), front.execute('other'), front.sync()]],
  ['an Execute of another portal', 'BBES', [front.bind({ portal: 'p' }), front.execute(), front.sync()]],
  ['a Parse', 'BPS', [front.parse('s', 'select 1'), front.sync()]],
  ['a Close', 'BCS', [front.close('S', 'nothing'), front.sync()]],
  ['a Describe of a statement', 'BDS', [front.describe('S', ''), front.sync()]],
  ['a Query', 'BQ', [front.query('select 1')]],
])('before %s it is an operation of its own, recorded with its values before it is sent', async (_, types, behind) => {
  const { client, server, gate } = startSession()
  client.send(parse)
  await server.on('P', back.parseComplete())
  client.send(bind, ...behind)
  await server.on(types)
  expect(gate.decided[1]).toMatchObject({ type: 'bind', text: 'update t set x = $1', binds: ['secret'], portal: '' })
  expect(gate.calls.indexOf('decide 2')).toBeLessThan(gate.calls.findIndex((call) => /^dispatch 2\b/.test(call)))
})

test.each([
  ['clear', 'update t set x = $1', true],
  ['not clear', 'call p($1)', undefined],
])('one that goes alone may be held when what it binds is not clear: %s', async (_, text, deferred) => {
  const { client, server, gate } = startSession()
  client.send(front.parse('', text))
  await server.on('P', back.parseComplete())
  client.send(bind, front.sync())
  await server.on('BS')
  expect(gate.decided[1]?.type).toBe('bind')
  expect(gate.decided[1]?.deferred).toBe(deferred)
})

test('one that was sent alone is settled with its own answer, and its portal runs later as another operation', async () => {
  const { client, server, gate } = startSession()
  client.send(parse, bind, front.flush())
  await server.on('PBH', back.parseComplete(), back.bindComplete())
  expect(await client.until('2')).toBe('12')
  client.send(front.execute(), front.sync())
  await server.on('ES', back.complete('UPDATE 1'), back.ready())
  await client.until('Z')
  expect(gate.decided.map(({ type }) => type)).toEqual(['prepare', 'bind', 'execute'])
  expect(gate.settled.map(({ op, status }) => [op, status])).toEqual([
    [1, 'ok'],
    [2, 'ok'],
    [3, 'ok'],
  ])
})

test('one that fails alone has the error', async () => {
  const { client, server, gate } = startSession()
  client.send(parse, bind, front.sync())
  await server.on('PBS', back.parseComplete(), back.error('22P02'), back.ready())
  await client.until('Z')
  expect(gate.settled[1]).toMatchObject({ op: 2, status: 'error', error: { code: '22P02' } })
})

test('nothing of a refused one is sent, nor of what comes behind it up to Sync', async () => {
  const { client, server, gate } = startSession()
  gate.rule = ({ type }) => (type === 'bind' ? NO : null)
  client.send(parse, bind, front.describe('P', ''), front.flush(), front.execute(), front.sync())
  await server.on('PDS', back.parseComplete(), back.error('34000'), back.ready())
  expect(await client.until('Z')).toBe('1EZ')
  expect(client.received[1]?.body.toString()).toContain('C42501')
  expect(Buffer.concat(server.received.map(({ bytes }) => bytes)).includes('secret')).toBe(false)
})

test('nor of one whose Execute was refused', async () => {
  const { client, server, gate } = startSession()
  gate.rule = ({ type }) => (type === 'execute' ? NO : null)
  client.send(parse, bind, front.execute(), front.sync())
  await server.on('PDS', back.parseComplete(), back.error('34000'), back.ready())
  expect(await client.until('Z')).toBe('1EZ')
  expect(Buffer.concat(server.received.map(({ bytes }) => bytes)).includes('secret')).toBe(false)
})

test('while its Execute is decided about it is not sent, and what was before it is', async () => {
  const { client, server, gate } = startSession()
  let decide: (denial: Denial | null) => void = () => {}
  gate.rule = ({ type }) => (type === 'execute' ? new Promise((resolve) => (decide = resolve)) : null)
  client.send(parse, bind, front.execute(), front.sync())
  await server.on('P')
  await new Promise((resolve) => setImmediate(resolve))
  expect(server.received).toHaveLength(1)
  decide(null)
  await server.on('BES')
})

test('while it is decided about alone, what comes behind it waits', async () => {
  const { client, server, gate } = startSession()
  let decide: (denial: Denial | null) => void = () => {}
  gate.rule = ({ type }) => (type === 'bind' ? new Promise((resolve) => (decide = resolve)) : null)
  client.send(parse, bind, front.sync(), front.query('select 1'))
  await server.on('P', back.parseComplete())
  await new Promise((resolve) => setImmediate(resolve))
  expect([server.received.length, gate.decided.length]).toEqual([1, 2])
  decide(null)
  await server.on('BSQ')
})

test('one that waits is forgotten when the target had failed before it', async () => {
  const { client, server, gate } = startSession()
  client.send(parse, front.flush())
  await server.on('PH')
  client.send(bind)
  await new Promise((resolve) => setImmediate(resolve))
  server.send(back.error('42P01'))
  await client.until('E')
  client.send(front.execute(), front.sync())
  await server.on('S', back.ready())
  expect(gate.decided.map(({ type }) => type)).toEqual(['prepare'])
})

test('one that nothing follows never reaches the target', async () => {
  const { client, server, gate } = startSession()
  client.send(parse, bind, front.terminate())
  await server.on('PX')
  expect(gate.decided.map(({ type }) => type)).toEqual(['prepare'])
})

test('a portal that is bound again before its Execute runs with the second values only', async () => {
  const { client, server, gate } = startSession()
  client.send(parse, front.flush())
  await server.on('PH', back.parseComplete())
  client.send(bind, front.bind({ values: ['second'] }), front.execute(), front.sync())
  await server.on('BBES')
  expect(gate.decided.slice(1)).toMatchObject([
    { type: 'bind', binds: ['secret'] },
    { type: 'execute', binds: ['second'] },
  ])
})
