import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connectThrough, type Through } from '../fixtures/connect'
import { freePort } from '../fixtures/postgres-server'

const { sallyport, target } = inject('shared')
let through: Through
let witness: pg.Client

const int32 = (value: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}
const text = (value: string) => Buffer.from(`${value}\0`)

function startup(database: string): Buffer {
  const body = Buffer.concat([
    int32(196_608),
    text('user'),
    text('x'),
    text('database'),
    text(database),
    Buffer.from([0]),
  ])
  return Buffer.concat([int32(body.length + 4), body])
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

/** Sends `bytes` to the gateway and waits until it closes; gives what it answered. */
async function provoke(bytes: Buffer): Promise<Buffer> {
  const socket = connect(through.port, '127.0.0.1')
  const answer: Buffer[] = []
  socket.on('data', (chunk: Buffer) => answer.push(chunk))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(bytes)
  await once(socket, 'close')
  return Buffer.concat(answer)
}

/** A signed-in raw client of connection `name`. */
async function signedIn(name: string, token: string): Promise<Socket> {
  const socket = connect(through.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(startup(name))
  await once(socket, 'data')
  socket.write(message('p', text(token)))
  return socket
}

beforeAll(async () => {
  through = await connectThrough(sallyport, { name: 'hostile', target, database: 'postgres' })
  witness = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: through.password,
    database: 'hostile',
  })
  await witness.connect()
})

afterAll(async () => {
  // The witness has lived through everything above on the same worker.
  expect((await witness.query('SELECT 42 AS answer')).rows).toEqual([{ answer: 42 }])
  await witness.end()
})

test.each([
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['zeros', Buffer.alloc(64)],
  ['a startup packet that claims two gigabytes', Buffer.concat([int32(0x7fffffff), int32(196_608)])],
  ['a length below its own size', Buffer.concat([int32(3), int32(196_608)])],
  ['protocol 2', Buffer.concat([int32(8), int32(131_072)])],
  ['bytes behind an SSLRequest', Buffer.concat([int32(8), int32(80_877_103), startup('hostile')])],
  ['random bytes', Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 7919 + 13) & 0xff))],
])('%s from a client that has not signed in closes only that socket', async (_, bytes) => {
  await provoke(bytes)
  expect((await witness.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
})

test.each([
  ['an unknown message type', message('!', Buffer.from('x'))],
  ['a declared length of two gigabytes', Buffer.concat([Buffer.from('Q'), int32(0x7fffffff)])],
  ['a query without its end', message('Q', Buffer.from('SELECT 1'))],
  ['a bind with a lying count', message('B', Buffer.concat([text(''), text(''), Buffer.from([0x7f, 0xff])]))],
  ['COPY data outside COPY', Buffer.concat([message('d', Buffer.from('x')), message('Q', text('SELECT 1'))])],
])('%s from a signed-in client ends only its own session', async (_, bytes) => {
  const socket = await signedIn('hostile', through.password)
  await once(socket, 'data')
  socket.on('error', () => undefined)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
  socket.write(bytes)
  await once(socket, 'close')
  expect(answer).toMatch(/08P01|54000|22021/)
  expect((await witness.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
})

/** A target that signs the gateway in without asking and then answers the first query with `nonsense`. */
async function hostileTarget(nonsense: Buffer): Promise<{ port: number; close(): void }> {
  const port = await freePort()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    let greeted = false
    socket.on('data', () => {
      if (greeted) return socket.write(nonsense)
      greeted = true
      const ready = message('Z', Buffer.from('I'))
      const status = message('S', Buffer.concat([text('server_version'), text('15.0')]))
      return socket.write(
        Buffer.concat([message('R', int32(0)), status, message('K', Buffer.concat([int32(1), int32(2)])), ready]),
      )
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { port, close: () => server.close() }
}

test.each([
  ['garbage', Buffer.from('no protocol at all, just words and words')],
  ['rows without a description that lie about their length', message('D', Buffer.from([0, 5, 0, 0, 0, 99]))],
  ['a message of two gigabytes', Buffer.concat([Buffer.from('D'), int32(0x7fffffff)])],
  ['an unknown type', message('?', Buffer.alloc(4))],
  ['a close of nothing asked', message('3', Buffer.alloc(0))],
  ['a request for a password', message('R', int32(3))],
  ['copy both', message('W', Buffer.from([0, 0, 0]))],
])('a target that answers %s ends only that session, with a clear error', async (name, nonsense) => {
  const hostile = await hostileTarget(nonsense)
  const { sallyportDoes, tokenFor } = await import('../fixtures/connect')
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises')
  const folder = await mkdtemp('/tmp/sallyport-hostile-')
  const connection = `hostile-${name.replaceAll(/[^a-z]+/g, '-').slice(0, 40)}`
  await writeFile(
    `${folder}/file.yaml`,
    `connections:
  - name: ${connection}
    protocol: postgres
    address: 127.0.0.1:${hostile.port}
    access: [agents]
    settings: { database: x, user: x, tls: disable, auth: [trust] }
`,
  )
  await sallyportDoes(sallyport, ['apply', '-f', `${folder}/file.yaml`])
  await rm(folder, { recursive: true })
  const client = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: await tokenFor(sallyport, connection),
    database: connection,
  })
  client.on('error', () => undefined)
  await client.connect()
  await expect(client.query('SELECT 1')).rejects.toThrow(/target/i)
  await client.end().catch(() => undefined)
  hostile.close()
  expect((await witness.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
})

test('a client that opens and says nothing is closed, and a hundred of them do not keep others out', async () => {
  const idle = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = connect(through.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      // What it is told at the end must be read, or the end is never seen.
      socket.resume()
      return socket
    }),
  )
  expect((await witness.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
  await Promise.all(idle.map(async (socket) => socket.closed || (await once(socket, 'close'))))
  const fresh = new pg.Client({
    host: '127.0.0.1',
    port: through.port,
    user: 'me',
    password: through.password,
    database: 'hostile',
  })
  await fresh.connect()
  expect((await fresh.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
  await fresh.end()
})
