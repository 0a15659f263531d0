import { expect, test } from 'vitest'
import { back, front } from './testing/messages'
import { type Harness, startSession } from './testing/session-harness'

const PBES = [front.parse('', 'select $1'), front.bind({ values: ['7'] }), front.execute(), front.sync()]

/** Prepares `text` under `name` and has the target confirm it. */
async function prepared({ client, server }: Harness, name: string, text: string): Promise<void> {
  client.send(front.parse(name, text), front.sync())
  await server.on('PS', back.parseComplete(), back.ready())
  await client.until('Z')
}

test('a statement is prepared and executed as two operations of one batch', async () => {
  const { client, server, gate } = startSession()
  client.send(Buffer.concat(PBES))
  await server.on(
    'PBES',
    back.parseComplete(),
    back.bindComplete(),
    back.dataRow('7'),
    back.complete('SELECT 1'),
    back.ready(),
  )
  expect(await client.until('Z')).toBe('12DCZ')
  expect(gate.decided).toMatchObject([
    { type: 'prepare', text: 'select $1', statement: '', effect: 'read' },
    { type: 'execute', text: 'select $1', statement: '', portal: '', effect: 'read', binds: ['7'] },
  ])
  expect(gate.calls).toEqual([
    'decide 1',
    'decide 2',
    'dispatch 1 2',
    'settle 1',
    'deliver 12DC',
    'settle 2',
    'deliver Z',
  ])
  expect(gate.settled[1]).toMatchObject({ status: 'ok', rows: 1, statements: [{ tag: 'SELECT 1', rows: 1 }] })
})

test('values and formats are recorded as they were bound', async () => {
  const { client, server, gate } = startSession()
  const values = [Buffer.of(0, 1), 'text', null, Buffer.of(0xff)]
  client.send(
    front.parse('s', 'update t'),
    front.bind({ portal: 'p', statement: 's', values, valueFormats: [1, 0, 0, 0], formats: [1] }),
    front.execute('p', 5),
  )
  await server.on('PBE')
  expect(gate.decided[1]).toMatchObject({
    statement: 's',
    portal: 'p',
    binds: [Buffer.of(0, 1), 'text', null, Buffer.of(0xff)],
    maxRows: 5,
    formats: [1],
  })
})

test('a row-limited Execute is suspended and goes on', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  await prepared(harness, 's', 'select 1')
  client.send(
    front.bind({ statement: 's', portal: 'p' }),
    front.describe('P', 'p'),
    front.execute('p', 2),
    front.flush(),
  )
  await server.on(
    'BDEH',
    back.bindComplete(),
    back.rowDescription('x'),
    back.dataRow('1'),
    back.dataRow('2'),
    back.portalSuspended(),
  )
  expect(await client.until('s')).toBe('2TDDs')
  client.send(front.execute('p', 2), front.sync())
  await server.on('ES', back.dataRow('3'), back.complete('SELECT 1'), back.ready())
  expect(await client.until('Z')).toBe('DCZ')
  expect(gate.settled.slice(1)).toMatchObject([
    { status: 'suspended', rows: 2, out: '1Z2TDDs' },
    { status: 'ok', rows: 1, out: 'DC' },
  ])
  expect(gate.settled[1]).not.toHaveProperty('layoutAt')
  const description = gate.settled[2]?.layoutAt ?? -1
  const sent = Buffer.concat(client.received.map(({ bytes }) => bytes))
  expect(sent.toString('latin1', description, description + 1)).toBe('T')
})

test('rows of a statement that was described before say where their layout stands', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  client.send(front.parse('s', 'select 1'), front.describe('S', 's'), front.sync())
  await server.on('PDS', back.parseComplete(), back.parameterDescription(), back.rowDescription('x'), back.ready())
  await client.until('Z')
  client.send(front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('BES', back.bindComplete(), back.dataRow('1'), back.complete('SELECT 1'), back.ready())
  await client.until('Z')
  expect(gate.settled[1]?.layoutAt).toBe(back.parseComplete().length + back.parameterDescription().length)
})

test('after an error everything up to Sync is settled as skipped', async () => {
  const { client, server, gate } = startSession()
  client.send(...PBES.slice(0, 3), ...PBES)
  await server.on('PBEPBES', back.parseComplete(), back.bindComplete(), back.error('22012'), back.ready())
  expect(await client.until('Z')).toBe('12EZ')
  expect(gate.settled.map(({ op, status, out }) => [op, status, out])).toEqual([
    [1, 'ok', ''],
    [2, 'error', '12E'],
    [3, 'skipped', ''],
    [4, 'skipped', ''],
  ])
})

test('an error in the Bind is the error of the Execute behind it', async () => {
  const { client, server, gate } = startSession()
  client.send(...PBES)
  await server.on('PBES', back.parseComplete(), back.error('22P02', 'invalid input'), back.ready())
  await client.until('Z')
  expect(gate.settled[1]).toMatchObject({ op: 2, status: 'error', error: { code: '22P02' } })
})

test('what comes after an error and before Sync is neither judged nor sent', async () => {
  const { client, server, gate } = startSession()
  client.send(front.parse('', 'selec'), front.flush())
  await server.on('PH', back.error('42601'))
  expect(await client.until('E')).toBe('E')
  client.send(...PBES, front.query('select 1'))
  await server.on('SQ', back.ready(), back.complete('SELECT 0'), back.ready())
  expect(await client.until('Z')).toBe('Z')
  expect(gate.decided.map(({ type }) => type)).toEqual(['prepare', 'query'])
})

test('an error in one segment leaves the next one alone', async () => {
  const { client, server, gate } = startSession()
  client.send(...PBES, ...PBES)
  await server.on('PBESPBES', back.error('42601'), back.ready())
  server.send(back.parseComplete(), back.bindComplete(), back.complete('SELECT 0'), back.ready())
  expect(await client.until('Z')).toBe('EZ')
  expect(await client.until('Z')).toBe('12CZ')
  expect(gate.settled.map(({ status }) => status)).toEqual(['error', 'skipped', 'ok', 'ok'])
})

test('a commit that fails at Sync is passed on', async () => {
  const { client, server } = startSession()
  client.send(...PBES)
  await server.on(
    'PBES',
    back.parseComplete(),
    back.bindComplete(),
    back.complete('INSERT 0 1'),
    back.error('23503'),
    back.ready(),
  )
  expect(await client.until('Z')).toBe('12CEZ')
})

test('a name whose Parse failed keeps its old meaning', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  await prepared(harness, 's', 'delete from t')
  client.send(front.parse('s', 'select 1'), front.sync())
  await server.on('PS', back.error('42P05', 'already exists'), back.ready())
  await client.until('Z')
  client.send(front.bind({ statement: 's' }), front.execute())
  await server.on('BE')
  expect(gate.decided.at(-1)).toMatchObject({ type: 'execute', text: 'delete from t', effect: 'write' })
})

test('a message that depends on a Parse behind a Sync waits until that is answered', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  await prepared(harness, 's', 'delete from t')
  client.send(front.parse('s', 'select 1'), front.sync(), front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('PSH')
  expect(gate.decided).toHaveLength(2)
  server.send(back.error('42P05', 'already exists'), back.ready())
  await server.on('BES')
  expect(gate.decided.at(-1)).toMatchObject({ text: 'delete from t', effect: 'write' })
})

test('a closed statement is unknown, and the target is not asked to run it', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  await prepared(harness, 's', 'delete from t')
  client.send(front.close('S', 's'), front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('CDS', back.closeComplete(), back.error('34000'), back.ready())
  expect(await client.until('Z')).toBe('3EZ')
  expect(client.received.at(-2)?.body.toString()).toContain('C26000')
  expect(gate.decided).toHaveLength(1)
})

test('a portal ends with its transaction', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.bind({ statement: 's', portal: 'p' }), front.sync())
  await server.on('BS', back.bindComplete(), back.ready('I'))
  await client.until('Z')
  client.send(front.execute('p'), front.sync())
  await server.on('DS', back.error('34000'), back.ready())
  expect(await client.until('Z')).toBe('EZ')
  expect(client.received.at(-2)?.body.toString()).toContain('portal "p" does not exist')
  expect(gate.decided.map(({ type }) => type)).toEqual(['prepare', 'bind'])
})

test('a portal lives on inside a transaction', async () => {
  const harness = startSession()
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.bind({ statement: 's', portal: 'p' }), front.sync())
  await server.on('BS', back.bindComplete(), back.ready('T'))
  await client.until('Z')
  client.send(front.execute('p'), front.sync())
  await server.on('ES')
})

test.each([
  ['one less than', 1, 'PS'],
  ['exactly', 2, 'PS'],
  ['one more than', 3, 'DS'],
])('%s the limit of prepared statements', async (_, count, expected) => {
  const harness = startSession({ limits: { preparedStatements: 2 } })
  const { client, server } = harness
  for (let index = 1; index < count; index++) await prepared(harness, `s${index}`, 'select 1')
  client.send(front.parse(`s${count}`, 'select 1'), front.sync())
  await server.on(expected)
})

test('a closed statement makes room for another', async () => {
  const harness = startSession({ limits: { preparedStatements: 1 } })
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.close('S', 's'), front.parse('t', 'select 1'), front.parse('', 'select 1'), front.sync())
  await server.on('CPPS')
})

test.each([
  ['one less than', 1, 'BBS'],
  ['exactly', 2, 'BBBS'],
  ['one more than', 3, 'BBBDS'],
])('%s the limit of portals, the unnamed one not counted', async (_, count, expected) => {
  const harness = startSession({ limits: { portals: 2 } })
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.bind({ statement: 's' }))
  for (let index = 1; index <= count; index++) client.send(front.bind({ statement: 's', portal: `p${index}` }))
  client.send(front.sync())
  await server.on(expected)
})

test('portals may hold only so many bytes of values', async () => {
  const harness = startSession({ limits: { messageBytes: 1_000 } })
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  const bind = (portal: string) => front.bind({ statement: 's', portal, values: ['x'.repeat(600)] })
  client.send(bind('a'), bind('b'), bind('b'), bind('c'), bind('d'), front.sync())
  await server.on('BBBBDS')
})

test('a query that follows unsynced messages is skipped with them', async () => {
  const { client, server, gate } = startSession()
  client.send(...PBES.slice(0, 3), front.query('select 2'), front.sync())
  await server.on('PBEQS', back.error('42601'), back.ready())
  expect(await client.until('Z')).toBe('EZ')
  expect(gate.settled.map(({ status }) => status)).toEqual(['error', 'skipped', 'skipped'])
})

test('a name that SQL gave another meaning is not executed under its old text', async () => {
  const harness = startSession()
  const { client, server, gate } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.query('deallocate s; prepare s as delete from t'))
  await server.on('Q', back.complete('DEALLOCATE'), back.complete('PREPARE'), back.ready())
  await client.until('Z')
  client.send(front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('DS')
  expect(gate.decided).toHaveLength(2)
})

test('while SQL may give names another meaning, nothing that names one is sent', async () => {
  const harness = startSession()
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  client.send(
    front.parse('', 'prepare s as x'),
    front.bind(),
    front.execute(),
    front.bind({ statement: 's' }),
    front.sync(),
  )
  await server.on('PBEH', back.parseComplete(), back.bindComplete(), back.complete('PREPARE'))
  await server.on('DS')
})

test('names are relied on again when what could have changed them was skipped', async () => {
  const harness = startSession()
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.parse('', 'deallocate s'), front.bind(), front.execute(), front.sync())
  await server.on('PBES', back.error('42601'), back.ready())
  await client.until('Z')
  client.send(front.bind({ statement: 's' }), front.execute(), front.sync())
  await server.on('BES')
})

test('a portal whose name SQL took is not executed as what was bound', async () => {
  const harness = startSession()
  const { client, server } = harness
  await prepared(harness, 's', 'select 1')
  client.send(front.bind({ statement: 's', portal: 'p' }), front.sync())
  await server.on('BS', back.bindComplete(), back.ready('T'))
  await client.until('Z')
  client.send(front.query('declare p cursor for select f()'))
  await server.on('Q', back.complete('DECLARE CURSOR'), back.ready('T'))
  await client.until('Z')
  client.send(front.execute('p'), front.sync())
  await server.on('DS')
})

test.each([
  [62, 'PBS'],
  [63, 'PBS'],
  [64, 'DS'],
])('names of %i bytes, of which a server tells 63 apart', async (size, expected) => {
  const { client, server } = startSession()
  const statement = 's'.repeat(size)
  client.send(front.parse(statement, 'select 1'), front.bind({ statement, portal: 'p'.repeat(size) }), front.sync())
  await server.on(expected)
})

test('a portal name of 64 bytes is refused', async () => {
  const harness = startSession()
  await prepared(harness, 's', 'select 1')
  harness.client.send(front.bind({ statement: 's', portal: 'p'.repeat(64) }), front.sync())
  await harness.server.on('DS')
})

test('prepared statements may hold only so many bytes of text', async () => {
  const { client, server } = startSession({ limits: { messageBytes: 1_000 } })
  const parse = (name: string) => front.parse(name, `select ${'x'.repeat(500)}`)
  client.send(parse('a'), parse(''), front.sync())
  await server.on('PDS')
})

test('what awaited answers keep in memory is bounded: more waits until they came', async () => {
  const { client, server, gate } = startSession()
  const parse = front.parse('', `select ${'x'.repeat(1_000_000)}`)
  for (let count = 0; count < 20; count++) client.send(parse)
  client.send(front.sync())
  await server.on(`${'P'.repeat(17)}H`)
  expect(gate.decided).toHaveLength(17)
  server.send(...Array.from({ length: 17 }, () => back.parseComplete()))
  await server.on('PPPS')
})

test('a statement that outlives the one meant to follow it still counts towards their bytes', async () => {
  const { client, server } = startSession({ limits: { messageBytes: 1_000 } })
  const parse = (name: string) => front.parse(name, `select ${'x'.repeat(400)}`)
  client.send(parse('a'), parse('a'), front.sync())
  await server.on('PPS', back.parseComplete(), back.error('42P05'), back.ready())
  await client.until('Z')
  client.send(parse('b'), parse('c'), front.sync())
  await server.on('PDS')
})
