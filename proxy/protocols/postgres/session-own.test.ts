import { expect, test } from 'vitest'
import { back, front } from './testing/messages'
import { startSession } from './testing/session-harness'

const USUAL = { searchPath: ['app', 'public'], role: 'app', sessionRole: 'app' }
const UNKNOWN = { searchPath: null, role: null, sessionRole: null }
const QUESTIONS = ['SHOW search_path', 'SHOW role']
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('before the first command the target is asked what its names mean, on record, and the client sees nothing of it', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('select 1'))
  await server.on('Q', back.complete('SELECT 1'), back.ready())
  expect(await client.until('Z')).toBe('CZ')
  expect(server.asked).toEqual(QUESTIONS)
  expect(gate.owned.map(({ type, text }) => [type, text])).toEqual(QUESTIONS.map((text) => ['execute', text]))
  expect(gate.ownSettled).toMatchObject([
    { status: 'ok', rows: 1 },
    { status: 'ok', rows: 1 },
  ])
  expect(gate.decided[0]?.state).toEqual(USUAL)
})

test('a role that is set and a path that names it are told apart from the role that signed in', async () => {
  const { client, server, gate } = startSession()
  server.answers.set('SHOW role', [['boss']])
  server.answers.set('SHOW search_path', [['"$user", "Odd, one"']])
  client.send(front.query('select 1'))
  await server.on('Q')
  expect(gate.decided[0]?.state).toEqual({ searchPath: ['boss', 'Odd, one'], role: 'boss', sessionRole: 'app' })
})

test('it is asked once, and again only when something may have changed it', async () => {
  const { client, server } = startSession()
  for (const text of ['select 1', 'update t', 'set work_mem', 'begin']) {
    client.send(front.query(text))
    await server.on('Q', back.complete('X'), back.ready())
    await client.until('Z')
  }
  expect(server.asked).toEqual(QUESTIONS)
})

test.each(['set search_path', 'set role', 'set session_authorization', 'call f()'])(
  'after %s it is asked again',
  async (text) => {
    const { client, server } = startSession()
    client.send(front.query(text))
    await server.on('Q', back.complete('X'), back.ready())
    await client.until('Z')
    client.send(front.query('select 1'))
    await server.on('Q')
    expect(server.asked).toEqual([...QUESTIONS, ...QUESTIONS])
  },
)

test.each(['commit', 'rollback'])('what was set in a transaction is asked for again behind its %s', async (end) => {
  const { client, server, gate } = startSession()
  const run = async (text: string, status: 'I' | 'T') => {
    client.send(front.query(text))
    await server.on('Q', back.complete('X'), back.ready(status))
    await client.until('Z')
  }
  await run('begin', 'T')
  server.answers.set('SHOW search_path', [['inside']])
  await run('set search_path', 'T')
  await run('select 1', 'T')
  server.answers.set('SHOW search_path', [['outside']])
  await run(end, 'I')
  await run('select 2', 'I')
  expect(gate.decided.map(({ state }) => state?.searchPath)).toEqual([
    ...[['app', 'public'], ['app', 'public'], ['inside'], ['inside'], ['outside']],
  ])
})

test('a savepoint that takes a setting back is asked about', async () => {
  const { client, server } = startSession()
  for (const text of ['begin', 'set role', 'select 1', 'rollback', 'select 2']) {
    client.send(front.query(text))
    await server.on('Q', back.complete('X'), back.ready('T'))
    await client.until('Z')
  }
  expect(server.asked).toHaveLength(6)
})

test('pipelined commands behind one that may change it wait until it is answered, and are judged with the new', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('set search_path'), front.query('drop table t'))
  await server.on('Q')
  await turn()
  expect(gate.decided).toHaveLength(1)
  server.answers.set('SHOW search_path', [['new']])
  server.send(back.complete('SET'), back.ready())
  // What it waits for may sit in the target's buffers.
  await server.on('HQ')
  expect(gate.decided[1]?.state?.searchPath).toEqual(['new'])
})

test('inside a segment nobody can ask: what may have changed it leaves it unknown up to Sync', async () => {
  const { client, server, gate } = startSession()
  const command = (text: string) => [front.parse('', text), front.bind(), front.execute()]
  client.send(...command('set search_path'), ...command('drop table t'), front.sync())
  await server.on('PBEPBES')
  expect(gate.decided.at(-1)?.state).toEqual(UNKNOWN)
  const answers = [back.parseComplete(), back.bindComplete(), back.complete('X')]
  server.send(...answers, ...answers, back.ready())
  await client.until('Z')
  client.send(front.query('select 1'))
  await server.on('Q')
  expect(gate.decided.at(-1)?.state).toEqual(USUAL)
})

test('it does not ask where a segment has begun, so that the unnamed portal of the client lives on', async () => {
  const { client, server } = startSession()
  client.send(front.parse('', 'call f()'), front.bind(), front.execute('', 1), front.flush())
  await server.on('PBEH', back.parseComplete(), back.bindComplete(), back.dataRow('1'), back.portalSuspended())
  await client.until('s')
  client.send(front.execute(), front.sync())
  await server.on('ES')
  expect(server.asked).toEqual(QUESTIONS)
})

test('nor in a failed transaction', async () => {
  const { client, server, gate } = startSession()
  client.send(front.query('begin'))
  await server.on('Q', back.complete('BEGIN'), back.ready('T'))
  client.send(front.query('call f()'))
  await server.on('Q', back.error('22012'), back.ready('E'))
  client.send(front.query('rollback'))
  await server.on('Q')
  expect(server.asked).toEqual(QUESTIONS)
  expect(gate.decided.at(-1)?.state).toEqual(UNKNOWN)
})

test('while it is asked the client’s command waits, and a notice that comes meanwhile is the client’s', async () => {
  const { client, server, gate } = startSession()
  let answer: () => void = () => undefined
  server.thinking = new Promise((resolve) => (answer = resolve))
  client.send(front.query('select 1'))
  await turn()
  expect(gate.decided).toHaveLength(0)
  server.send(back.notice('n'))
  expect(await client.until('N')).toBe('N')
  answer()
  await server.on('Q')
  expect(gate.decided).toHaveLength(1)
})

test('where the target does not answer outside of a transaction, it stays unknown and the session goes on', async () => {
  const { client, server, gate } = startSession()
  server.answers.delete('SHOW role')
  client.send(front.query('select 1'))
  await server.on('Q', back.complete('SELECT 1'), back.ready())
  await client.until('Z')
  client.send(front.query('select 2'))
  await server.on('Q')
  expect(gate.decided.map(({ state }) => state)).toEqual([UNKNOWN, UNKNOWN])
  expect(gate.ownSettled).toMatchObject([{ status: 'ok' }, { status: 'error', error: { code: 'XX000' } }])
  expect(server.asked).toEqual(QUESTIONS)
})

test('a question that fails a transaction fails the command it was asked for, so that the client knows', async () => {
  const { client, server, gate } = startSession()
  for (const text of ['begin', 'set role']) {
    client.send(front.query(text))
    await server.on('Q', back.complete('X'), back.ready('T'))
    await client.until('Z')
  }
  server.answers.set('SHOW search_path', { code: '57014' })
  client.send(front.query('select 1'))
  await server.on('DS', back.error('25P02'), back.ready('E'))
  expect(await client.until('Z')).toBe('EZ')
  expect(client.received.at(-2)?.body.toString()).toContain('C57014')
  expect(client.received.at(-1)?.body.toString()).toBe('E')
  expect(gate.decided).toHaveLength(2)
})

test('the same in the extended protocol: everything up to Sync is dropped', async () => {
  const { client, server } = startSession()
  for (const text of ['begin', 'set role']) {
    client.send(front.query(text))
    await server.on('Q', back.complete('X'), back.ready('T'))
    await client.until('Z')
  }
  server.answers.set('SHOW search_path', { code: '57014' })
  client.send(front.parse('', 'select 1'), front.bind(), front.execute(), front.sync())
  await server.on('DS', back.error('25P02'), back.ready('E'))
  expect(await client.until('Z')).toBe('EZ')
})

test('a target that answers the gateway out of turn ends its own session', async () => {
  const { client, server, end } = startSession()
  server.thinking = new Promise(() => undefined)
  client.send(front.query('select 1'))
  await turn()
  server.send(back.complete('SHOW'))
  expect((await end).reason).toBe('protocol-violation')
})

test('an answer that comes in pieces is too long to be one', async () => {
  const { client, server, gate } = startSession()
  server.thinking = new Promise(() => undefined)
  client.send(front.query('select 1'))
  await turn()
  const row = back.dataRow('x'.repeat(5_000))
  server.send(back.parseComplete(), back.bindComplete(), row.subarray(0, 4_000))
  await turn()
  server.send(row.subarray(4_000), back.complete('SHOW'), back.closeComplete(), back.closeComplete())
  server.send(back.parseComplete(), back.bindComplete(), back.dataRow('none'), back.complete('SHOW'))
  server.send(back.closeComplete(), back.closeComplete(), back.ready())
  await server.on('Q')
  expect(gate.decided[0]?.state).toEqual(UNKNOWN)
  expect(client.received).toEqual([])
})

test.each([
  ['a prepared statement', [front.parse('sallyport_1', 'select 1'), front.sync()], 'DS'],
  ['a portal', [front.parse('', 'select 1'), front.bind({ portal: 'sallyport_1' }), front.sync()], 'PDS'],
  ['a statement that SQL prepares', [front.query('prepare sallyport_1')], 'DS'],
  ['a cursor that SQL declares', [front.query('declare sallyport_1')], 'DS'],
])('the name of %s may not be one of the gateway’s own', async (_, messages, types) => {
  const { client, server } = startSession()
  client.send(...messages)
  await server.on(types, ...(types === 'PDS' ? [back.parseComplete()] : []), back.error('34000'), back.ready())
  await client.until('E')
  expect(client.received.map(({ body }) => body.toString()).join()).toContain('C42939')
})

test('where nothing may be sent any more nothing is asked', async () => {
  const { client, server, gate } = startSession()
  gate.own = () => null
  client.send(front.query('select 1'))
  await server.on('Q')
  expect(server.asked).toEqual([])
  expect(gate.decided[0]?.state).toEqual(UNKNOWN)
})

test('after code ran, a name counts only once the target says that it still means the same', async () => {
  const { client, server, gate } = startSession()
  client.send(front.parse('kept', 'select 1'), front.parse('changed', 'select 2'), front.sync())
  await server.on('PPS', back.parseComplete(), back.parseComplete(), back.ready())
  await client.until('Z')
  client.send(front.query('call f()'))
  await server.on('Q', back.complete('CALL'), back.ready())
  await client.until('Z')
  server.answers.set('SELECT p.name', [
    ['kept', 'select 1'],
    ['changed', 'PREPARE changed AS DELETE FROM t'],
  ])
  client.send(front.bind({ statement: 'kept' }), front.execute(), front.sync())
  await server.on('BES', back.bindComplete(), back.complete('SELECT 1'), back.ready())
  await client.until('Z')
  expect(gate.decided.at(-1)).toMatchObject({ type: 'execute', text: 'select 1', effect: 'read' })
  client.send(front.bind({ statement: 'changed' }), front.execute(), front.sync())
  await server.on('DS', back.error('34000'), back.ready())
  await client.until('Z')
  expect(client.received.at(-2)?.body.toString()).toContain('C26000')
})

test('where the target cannot be asked, what code may have changed is not understood', async () => {
  const { client, server, gate } = startSession()
  client.send(front.parse('s', 'select 1'), front.sync())
  await server.on('PS', back.parseComplete(), back.ready())
  await client.until('Z')
  client.send(front.parse('', 'call f()'), front.bind(), front.execute(), front.flush())
  await server.on('PBEH', back.parseComplete(), back.bindComplete(), back.complete('CALL'))
  await client.until('C')
  client.send(front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('BES')
  expect(gate.decided.at(-1)?.facts?.facts.standing).toBe('unparsed')
})
