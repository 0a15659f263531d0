import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, connect as tlsConnect } from 'node:tls'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { issueAuthority, issueLeaf, type KeyPairPem } from '#lib/crypto/certificates'
import { acceptClient, type HandshakeParts, type PostgresAccepted } from './handshake'
import { cancelRequest, cstring, GSS_REQUEST, message, PROTOCOL_3, sslRequest, untyped } from './handshake-messages'
import { Peer } from './testing/fake-server'

let pair: KeyPairPem
let server: Server
let expire: (() => void) | null
let cancelled: { processId: number; secret: string }[]
let outcome: Promise<PostgresAccepted | null>
let address: string | null

beforeAll(async () => {
  const times = { notBefore: new Date(Date.now() - 1e8), notAfter: new Date(Date.now() + 1e9) }
  const authority = await issueAuthority('test', times)
  pair = await issueLeaf(authority, { ...times, commonName: 'localhost', names: ['localhost'], usage: 'server' })
})

beforeEach(async () => {
  expire = null
  cancelled = []
  address = null
  const context = createSecureContext({ cert: pair.cert, key: pair.key })
  const parts: HandshakeParts = {
    secureContext: () => context,
    cancel: async (key) => void cancelled.push({ processId: key.processId, secret: key.secret.toString('hex') }),
    startTimer: (_ms, late) => {
      expire ??= late
      return () => undefined
    },
    limits: { handshakeMs: 10_000, startupBytes: 10 * 1024 },
  }
  let settle: (result: Promise<PostgresAccepted | null>) => void = () => undefined
  outcome = new Promise((resolve) => {
    settle = (result) => resolve(result)
  })
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    const accepted = acceptClient({ socket, address: address ?? '127.0.0.1' }, parts)
    settle(accepted)
    // The pipeline closes the socket of a client that was dealt with.
    void accepted.then((result) => {
      if (!result) socket.destroySoon()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.close()
})

function dial(): { socket: Socket; peer: Peer } {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  return { socket, peer: new Peer(socket) }
}

function startupPacket(pairs: Record<string, string>, version = PROTOCOL_3): Buffer {
  const body = Object.entries(pairs).flatMap(([name, value]) => [cstring(name), cstring(value)])
  return untyped(version, ...body, Buffer.alloc(1))
}

const GOOD = { user: 'anything', database: 'shop', application_name: 'psql' }
const password = (text: string) => message('p', cstring(text))
const CLEARTEXT = 'R\0\0\0\x08\0\0\0\x03'

/** What the client read before it was cut off: the fields of an ErrorResponse. */
async function refusalOf(peer: Peer): Promise<Record<string, string>> {
  const bytes = await peer.rest()
  const fields = bytes.toString('utf8', bytes.indexOf('SFATAL')).split('\0').filter(Boolean)
  return Object.fromEntries(fields.map((field) => [field.charAt(0), field.slice(1)]))
}

async function refused(pairs: Record<string, string>, version?: number): Promise<Record<string, string>> {
  const { peer } = dial()
  peer.say(startupPacket(pairs, version))
  const fields = await refusalOf(peer)
  expect(await outcome).toBeNull()
  return fields
}

async function accepted(): Promise<PostgresAccepted> {
  const result = await outcome
  if (!result) throw new Error('the client was turned away')
  return result
}

test('a stock client on loopback is asked for its token and gives its claim', async () => {
  const { peer } = dial()
  peer.say(startupPacket(GOOD))
  expect((await peer.read(9)).toString('latin1')).toBe(CLEARTEXT)
  peer.say(password('sp_secret'))
  const { claim, settings } = await accepted()
  expect(claim).toEqual({ token: 'sp_secret', connection: 'shop', database: null, application: 'psql' })
  expect([...settings]).toEqual([
    ['application_name', 'psql'],
    ['client_encoding', 'UTF8'],
  ])
})

test('CONNECTION/DATABASE names another database of the same server', async () => {
  const { peer } = dial()
  peer.say(startupPacket({ user: 'u', database: 'shop/other/one' }), password('t'))
  expect((await accepted()).claim).toMatchObject({ connection: 'shop', database: 'other/one' })
})

test('without a database the user names the connection, as in libpq', async () => {
  const { peer } = dial()
  peer.say(startupPacket({ user: 'shop' }), password('t'))
  expect((await accepted()).claim.connection).toBe('shop')
})

test('a startup packet that arrives byte by byte is read', async () => {
  const { peer, socket } = dial()
  socket.setNoDelay(true)
  for (const byte of startupPacket(GOOD)) {
    peer.say(Buffer.from([byte]))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await peer.read(9)
  peer.say(password('t'))
  expect((await accepted()).claim.connection).toBe('shop')
})

test('what a client sends behind its token is kept for the session', async () => {
  const { peer } = dial()
  peer.say(Buffer.concat([startupPacket(GOOD), password('t'), message('Q', cstring('SELECT 1'))]))
  expect((await accepted()).head).toEqual(message('Q', cstring('SELECT 1')))
})

test('a client that only asks what is needed, and goes to ask its user, is let go quietly', async () => {
  const { peer } = dial()
  peer.say(startupPacket(GOOD))
  await peer.read(9)
  peer.end()
  expect(await outcome).toBeNull()
  expect((await peer.rest()).length).toBe(0)
})

test.each(['', 'SSL then GSS'])('TLS is given to whoever asks, and the token goes through it %s', async (gss) => {
  const { peer, socket } = dial()
  if (gss) {
    peer.say(untyped(GSS_REQUEST))
    expect((await peer.read(1)).toString()).toBe('N')
  }
  peer.say(sslRequest())
  expect((await peer.read(1)).toString()).toBe('S')
  socket.removeAllListeners('data')
  const secure = tlsConnect({ socket, rejectUnauthorized: false, servername: 'localhost' })
  await once(secure, 'secureConnect')
  peer.upgrade(secure)
  peer.say(startupPacket(GOOD))
  await peer.read(9)
  peer.say(password('t'))
  const result = await accepted()
  expect(result.socket).toHaveProperty('encrypted', true)
  expect(result.socket.isPaused()).toBe(true)
  result.socket.write('hello')
  expect((await peer.read(5)).toString()).toBe('hello')
})

test('a client may begin with TLS when it names the protocol', async () => {
  const { port } = server.address() as AddressInfo
  const secure = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
  await once(secure, 'secureConnect')
  const peer = new Peer(secure)
  peer.say(startupPacket(GOOD))
  await peer.read(9)
  peer.say(password('t'))
  expect((await accepted()).claim.connection).toBe('shop')
})

test('a client that begins with TLS for another protocol, or none, is dropped', async () => {
  const { port } = server.address() as AddressInfo
  const secure = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  const peer = new Peer(secure)
  expect(await outcome).toBeNull()
  expect((await peer.rest()).length).toBe(0)
})

test.each([
  ['TLS', sslRequest()],
  ['GSS encryption', untyped(GSS_REQUEST)],
])('data smuggled in behind a request for %s ends the connection', async (_what, request) => {
  const { peer } = dial()
  peer.say(Buffer.concat([request, startupPacket(GOOD)]))
  expect(await refusalOf(peer)).toMatchObject({ C: '08P01' })
  expect(await outcome).toBeNull()
})

test('TLS inside TLS is refused', async () => {
  const { peer, socket } = dial()
  peer.say(sslRequest())
  await peer.read(1)
  socket.removeAllListeners('data')
  const secure = tlsConnect({ socket, rejectUnauthorized: false })
  await once(secure, 'secureConnect')
  peer.upgrade(secure)
  peer.say(sslRequest())
  expect(await refusalOf(peer)).toMatchObject({ C: '08P01' })
})

test.each([
  ['TLS', sslRequest()],
  ['GSS encryption', untyped(GSS_REQUEST)],
])('a client that began with TLS cannot ask for %s on top', async (_what, request) => {
  const { port } = server.address() as AddressInfo
  const secure = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
  await once(secure, 'secureConnect')
  const peer = new Peer(secure)
  peer.say(request)
  expect(await refusalOf(peer)).toMatchObject({ C: '08P01' })
  expect(await outcome).toBeNull()
})

test('garbage instead of a TLS hello ends the connection', async () => {
  const { peer } = dial()
  peer.say(sslRequest())
  await peer.read(1)
  peer.say(Buffer.alloc(200, 'x'))
  expect(await outcome).toBeNull()
})

test('plain text from anywhere but loopback is refused before a token can be sent', async () => {
  address = '192.0.2.7'
  const fields = await refused(GOOD)
  expect(fields).toMatchObject({ C: '28000', M: '[sallyport:denied] gateway: this gateway requires TLS' })
  expect(fields.H).toContain('sslmode=require')
})

test.each(['::1', '127.9.9.9'])('%s counts as loopback', async (from) => {
  address = from
  const { peer } = dial()
  peer.say(startupPacket(GOOD))
  expect((await peer.read(9)).toString('latin1')).toBe(CLEARTEXT)
})

test.each(['::2', '128.0.0.1', '10.0.0.1', 'fe80::1', 'nonsense'])('%s does not', async (from) => {
  address = from
  expect(await refused(GOOD)).toMatchObject({ C: '28000' })
})

test('a client of a later minor version, or with options, is told what it gets', async () => {
  const { peer } = dial()
  peer.say(startupPacket({ ...GOOD, '_pq_.command_compression': 'on' }, PROTOCOL_3 + 2))
  const { type, body } = await peer.message()
  expect(type).toBe('v')
  expect(body.readInt32BE(0)).toBe(PROTOCOL_3)
  expect(body.readInt32BE(4)).toBe(1)
  expect(body.toString('latin1', 8)).toBe('_pq_.command_compression\0')
  expect((await peer.read(9)).toString('latin1')).toBe(CLEARTEXT)
})

test.each([
  ['protocol 2', GOOD, 0x0002_0000, '0A000', /protocol 2\.0/],
  ['protocol 4', GOOD, 0x0004_0000, '0A000', /protocol 4\.0/],
  ['replication', { ...GOOD, replication: 'database' }, PROTOCOL_3, '0A000', /replication/],
  ['physical replication', { ...GOOD, replication: 'true' }, PROTOCOL_3, '0A000', /replication/],
  [
    'an unknown parameter',
    { ...GOOD, session_preload_libraries: 'x' },
    PROTOCOL_3,
    '0A000',
    /"session_preload_libraries"/,
  ],
  ['a role', { ...GOOD, role: 'postgres' }, PROTOCOL_3, '0A000', /"role"/],
  ['an unknown option', { ...GOOD, options: '-c role=postgres' }, PROTOCOL_3, '0A000', /"role"/],
  ['a server switch', { ...GOOD, options: '-W 10' }, PROTOCOL_3, '0A000', /"-W"/],
  ['an option cut short', { ...GOOD, options: '-c' }, PROTOCOL_3, '0A000', /"-c"/],
  ['another encoding', { ...GOOD, client_encoding: 'LATIN1' }, PROTOCOL_3, '0A000', /"LATIN1"/],
  [
    'an encoding the parser cannot follow',
    { ...GOOD, options: '-c client_encoding=SJIS' },
    PROTOCOL_3,
    '0A000',
    /"SJIS"/,
  ],
  [
    'strings that mean something else',
    { ...GOOD, standard_conforming_strings: 'off' },
    PROTOCOL_3,
    '0A000',
    /standard_conf/,
  ],
  ['no connection', { user: '' }, PROTOCOL_3, '3D000', /no connection is named/],
  ['an empty database', { ...GOOD, database: 'shop/' }, PROTOCOL_3, '3D000', /dbname=CONNECTION\/DATABASE/],
  ['a database with 64 bytes', { ...GOOD, database: `shop/${'d'.repeat(64)}` }, PROTOCOL_3, '3D000', /1 to 63 bytes/],
  ['a long value', { ...GOOD, search_path: 'x'.repeat(1_025) }, PROTOCOL_3, '22023', /too long/],
])('%s is refused with its name', async (_what, pairs, version, code, words) => {
  const fields = await refused(pairs, version)
  expect(fields.C).toBe(code)
  expect(fields.M).toMatch(words)
})

test('settings are passed on under one name, their own parameter winning over options', async () => {
  const { peer } = dial()
  const options = '-c statement_timeout=5s --lock-timeout=1s -cgeqo=off -c search_path=a\\ b,c -c DateStyle=German'
  const own = { DateStyle: 'ISO', TimeZone: 'UTC', client_encoding: "'utf-8'", standard_conforming_strings: 'on' }
  peer.say(startupPacket({ ...GOOD, options, ...own }), password('t'))
  expect(Object.fromEntries((await accepted()).settings)).toEqual({
    application_name: 'psql',
    client_encoding: 'UTF8',
    datestyle: 'ISO',
    timezone: 'UTC',
    statement_timeout: '5s',
    lock_timeout: '1s',
    geqo: 'off',
    search_path: 'a b,c',
  })
})

test('replication switched off is no replication', async () => {
  const { peer } = dial()
  peer.say(startupPacket({ ...GOOD, replication: 'false' }), password('t'))
  expect((await accepted()).settings.has('replication')).toBe(false)
})

test.each([
  ['cut short', untyped(PROTOCOL_3, Buffer.from('user\0a\0'))],
  ['with bytes behind its end', untyped(PROTOCOL_3, Buffer.from('user\0a\0\0x\0'))],
  ['with a name only', untyped(PROTOCOL_3, Buffer.from('user\0'))],
  ['with a parameter twice', untyped(PROTOCOL_3, Buffer.from('user\0a\0user\0b\0\0'))],
  ['that is not UTF-8', untyped(PROTOCOL_3, Buffer.from([0x61, 0, 0xff, 0, 0]))],
])('a startup packet %s is refused', async (_what, packet) => {
  const { peer } = dial()
  peer.say(packet)
  expect((await refusalOf(peer)).S).toBe('FATAL')
  expect(await outcome).toBeNull()
})

test.each([10_239, 10_240])('a startup packet of %i bytes is read', async (size) => {
  const { peer } = dial()
  const empty = startupPacket({ ...GOOD, application_name: '' }).length
  const pairs = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`_pq_.${i}`, 'x'.repeat(1_000)] as const))
  const spare = size - startupPacket({ ...GOOD, application_name: '', ...pairs }).length
  expect(spare).toBeGreaterThan(0)
  expect(empty).toBeLessThan(size)
  pairs['_pq_.0'] += 'y'.repeat(spare)
  peer.say(startupPacket({ ...GOOD, application_name: '', ...pairs }))
  expect((await peer.message()).type).toBe('v')
})

test.each([10_241, 0x7fff_ffff, 8, -1])(
  'one that says it has %i bytes is refused before it is awaited',
  async (size) => {
    const { peer } = dial()
    const head = Buffer.alloc(8)
    head.writeInt32BE(size, 0)
    head.writeInt32BE(PROTOCOL_3, 4)
    peer.say(head)
    expect((await refusalOf(peer)).M).toContain('impossible length')
  },
)

test('a browser gets an answer instead of a wait', async () => {
  const { peer } = dial()
  peer.say('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  expect((await refusalOf(peer)).M).toContain('is this a PostgreSQL client?')
})

test.each([
  ['a query', message('Q', cstring('DROP TABLE x')), '08P01'],
  ['a password that is too long', message('p', Buffer.alloc(5_000, 'x')), '28P01'],
  ['a password without an end', message('p', Buffer.from('abc')), '08P01'],
  ['two passwords in one', message('p', Buffer.from('abc\0def\0')), '08P01'],
])('%s instead of the token ends the connection', async (_what, bytes, code) => {
  const { peer } = dial()
  peer.say(startupPacket(GOOD), bytes)
  expect((await refusalOf(peer)).C).toBe(code)
  expect(await outcome).toBeNull()
})

test('a cancel request is passed on and answered with nothing', async () => {
  const { peer } = dial()
  peer.say(cancelRequest({ processId: 4711, secret: Buffer.from('01020304', 'hex') }))
  expect((await peer.rest()).length).toBe(0)
  expect(await outcome).toBeNull()
  expect(cancelled).toEqual([{ processId: 4711, secret: '01020304' }])
})

test('a cancel request of another length is nobody’s', async () => {
  const { peer } = dial()
  peer.say(untyped(80_877_102, Buffer.alloc(100)))
  expect((await peer.rest()).length).toBe(0)
  expect(cancelled).toEqual([])
})

test.each([
  ['says nothing', Buffer.alloc(0)],
  ['sends one byte', Buffer.from([0])],
  ['sends half a startup packet', startupPacket(GOOD).subarray(0, 20)],
  ['never sends its token', startupPacket(GOOD)],
])('a client that %s is cut off when its time is up', async (_what, bytes) => {
  const { peer } = dial()
  if (bytes.length > 0) peer.say(bytes)
  await settleSoon()
  expire?.()
  expect((await refusalOf(peer)).C).toBe('57014')
  expect(await outcome).toBeNull()
})

test('a client that stops in its TLS handshake is cut off when its time is up', async () => {
  const { peer } = dial()
  peer.say(sslRequest())
  await peer.read(1)
  peer.say(Buffer.from([0x16, 3, 1, 0x40, 0]))
  expire?.()
  expect((await peer.rest()).length).toBe(0)
  expect(await outcome).toBeNull()
})

/** Until the server has seen what was sent over loopback. */
async function settleSoon(): Promise<void> {
  while (expire === null) await new Promise((resolve) => setImmediate(resolve))
}
