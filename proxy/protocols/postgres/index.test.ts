import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Denial } from '#lib/domain/denial'
import { LIMITS } from '#lib/domain/limits'
import type { Authorized, Dialled, SessionEnd } from '#proxy/core/ports'
import type { Protocol } from '#proxy/core/protocol'
import { silentLog } from '#proxy/core/testing/fake-parts'
import { errorResponse } from './codec/encode'
import type { PostgresAccepted } from './handshake'
import {
  AUTH,
  authentication,
  backendKeyData,
  cancelRequest,
  cstring,
  message,
  readyForQuery,
  startup,
} from './handshake-messages'
import { createPostgres } from './index'
import { fakeFacts } from './testing/fake-facts'
import { FakeGate } from './testing/fake-gate'
import { type FakeServer, fakeServer, Peer } from './testing/fake-server'
import { dialTo, reachTo, settingsWith } from './testing/reach'

const TARGET_KEY = { processId: 77, secret: Buffer.from('deadbeef', 'hex') }
const GREETING = [
  authentication(AUTH.ok),
  message('S', Buffer.from('server_version\x0015.18\0')),
  message('N', Buffer.from('SWARNING\0VWARNING\0C01000\0Mhello\0\0')),
  backendKeyData(TARGET_KEY),
  readyForQuery('I'),
]

let target: FakeServer
let listener: Server
let protocol: Protocol<PostgresAccepted>
let gate: FakeGate
let dialled: Dialled | null
let end: Promise<SessionEnd | null>
let delivered: Buffer[]
let sockets: Socket[]

beforeEach(async () => {
  sockets = []
  delivered = []
  dialled = null
  protocol = await createPostgres({
    secureContext: () => createSecureContext(),
    signals: { publish: async () => undefined, subscribe: async () => () => undefined },
    factsOf: fakeFacts,
    openSide: () => Promise.reject(new Error('not in this test')),
    keepSnapshot: () => undefined,
    sessionUrl: () => 'https://gateway.test/sessions/1',
    log: silentLog,
    limits: LIMITS,
  })
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  dialled?.upstream.destroy()
  listener.close()
  await target.close()
})

/** What the pipeline does with one client after another; the last one's session is `end`. */
async function listen(meet: (socket: Socket) => Promise<SessionEnd | null>): Promise<void> {
  listener = createServer((socket) => {
    sockets.push(socket)
    end = meet(socket)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
}

async function serveOne(
  socket: Socket,
  prepare: (gate: FakeGate) => void = () => undefined,
): Promise<SessionEnd | null> {
  const accepted = await protocol.accept({ socket, address: '127.0.0.1' })
  if (!accepted) return null
  const { access } = reachTo(target.port)
  const authorized = {
    ...access,
    connection: { ...access.connection, settings: settingsWith({ auth: ['trust'] }) },
  } as unknown as Authorized
  dialled = await dialTo(access)
  gate = new FakeGate(targetStream(dialled), accepted.socket)
  const deliver = gate.deliver.bind(gate)
  gate.deliver = (bytes) => {
    delivered.push(Buffer.from(bytes))
    return deliver(bytes)
  }
  prepare(gate)
  const ended = await protocol.serve(accepted, authorized, gate, dialled.upstream)
  socket.destroySoon()
  return ended
}

function targetStream({ writer }: Dialled) {
  return { write: (bytes: Uint8Array) => writer.write(bytes) } as never
}

function client(): Peer {
  const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1')
  sockets.push(socket)
  return new Peer(socket)
}

async function signInAs(peer: Peer): Promise<void> {
  peer.say(
    startup(
      new Map([
        ['user', 'u'],
        ['database', 'shop'],
      ]),
    ),
  )
  await peer.read(9)
  peer.say(message('p', cstring('sp_token')))
}

/** Messages up to and with ReadyForQuery. */
async function greetingOf(peer: Peer): Promise<{ type: string; body: Buffer }[]> {
  const messages: { type: string; body: Buffer }[] = []
  while (messages.at(-1)?.type !== 'Z') messages.push(await peer.message())
  return messages
}

/** Lets the gateway in, and closes at the first message, which is a Terminate. */
const honest = async (peer: Peer) => {
  await peer.packet()
  peer.say(...GREETING)
  await peer.message()
  peer.end()
}

test('the client is let in once the target let the gateway in, with the target’s values and a key of our own', async () => {
  let letIn: () => void = () => undefined
  const decided = new Promise<void>((resolve) => {
    letIn = resolve
  })
  target = await fakeServer(async (peer) => {
    await peer.packet()
    await decided
    peer.say(...GREETING)
    await peer.rest()
  })
  await listen((socket) => serveOne(socket))
  const peer = client()
  await signInAs(peer)
  while (target.served.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(sockets.find((socket) => socket.bytesWritten === 9)).toBeDefined()
  letIn()
  const greeting = await greetingOf(peer)
  expect(greeting.map(({ type }) => type).join('')).toBe('RKSNZ')
  const key = greeting[1]?.body ?? Buffer.alloc(0)
  expect(key).toHaveLength(8)
  expect(key.equals(backendKeyData(TARGET_KEY).subarray(5))).toBe(false)
})

test('what the record gets of the greeting holds neither authentication nor a key', async () => {
  target = await fakeServer(honest)
  await listen((socket) => serveOne(socket))
  const peer = client()
  await signInAs(peer)
  const greeting = await greetingOf(peer)
  const recorded = Buffer.concat(delivered)
  expect(gate.calls).toContain('deliver SNZ')
  expect(recorded.includes(greeting[1]?.body.subarray(4) ?? '')).toBe(false)
  expect(recorded.includes(TARGET_KEY.secret)).toBe(false)
})

test('everything to the target goes through the gate’s opening permit, and never the client’s token', async () => {
  let seen: Buffer = Buffer.alloc(0)
  target = await fakeServer(async (peer) => {
    seen = (await peer.packet()).body
    peer.say(...GREETING)
    await peer.rest()
  })
  await listen((socket) => serveOne(socket))
  const peer = client()
  await signInAs(peer)
  await greetingOf(peer)
  expect(gate.calls[0]).toBe('dispatch 0')
  expect(seen.toString('latin1')).toBe('user\0app\0database\0shop\0client_encoding\0UTF8\0\0')
})

test('our key cancels at the target with the target’s own, and no longer once the session is over', async () => {
  const cancels: { code: number; body: Buffer }[] = []
  target = await fakeServer(honest, async (peer) => {
    cancels.push(await peer.packet())
    peer.end()
  })
  let first = true
  await listen((socket) => {
    if (first) {
      first = false
      return serveOne(socket)
    }
    return protocol.accept({ socket, address: '127.0.0.1' }).then(() => {
      socket.end()
      return null
    })
  })
  const peer = client()
  await signInAs(peer)
  const session = end
  const key = (await greetingOf(peer))[1]?.body ?? Buffer.alloc(8)
  const request = cancelRequest({ processId: key.readInt32BE(0), secret: key.subarray(4) })
  const canceller = client()
  canceller.say(request)
  expect((await canceller.rest()).length).toBe(0)
  expect(cancels.map(({ code }) => code)).toEqual([80_877_102])
  expect(cancels[0]?.body.equals(backendKeyData(TARGET_KEY).subarray(5))).toBe(true)
  peer.say(message('X'))
  await session
  const late = client()
  late.say(request)
  await late.rest()
  expect(cancels).toHaveLength(1)
})

test('a target that refuses the gateway is told of in our words, and the session ends', async () => {
  target = await fakeServer(async (peer) => {
    await peer.packet()
    peer.say(errorResponse({ severity: 'FATAL', code: '28P01', message: 'password of app@10.0.0.1 is wrong' }))
  })
  await listen((socket) => serveOne(socket))
  const peer = client()
  await signInAs(peer)
  const { type, body } = await peer.message()
  expect(type).toBe('E')
  const text = body.toString('utf8')
  expect(text).toContain('SFATAL\0VFATAL\0C28000\0M[sallyport:unavailable] the target did not accept')
  expect(text).not.toContain('10.0.0.1')
  expect(await end).toMatchObject({ reason: 'target-unreachable', detail: expect.stringContaining('28P01') })
})

test('a session that must end while it signs in says why', async () => {
  target = await fakeServer(async (peer) => void (await peer.rest()))
  let started: FakeGate | null = null
  await listen((socket) =>
    serveOne(socket, (ready) => {
      started = ready
    }),
  )
  const peer = client()
  await signInAs(peer)
  while (target.served.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const denial: Denial = { kind: 'denied', policy: 'access', reason: 'your access was revoked' }
  ;(started as FakeGate | null)?.end('access-revoked', denial)
  expect((await peer.rest()).toString('utf8')).toContain('[sallyport:denied] access: your access was revoked')
  expect(await end).toEqual({ reason: 'access-revoked', detail: '[sallyport:denied] access: your access was revoked' })
})

test.each<[Denial, string]>([
  [{ kind: 'denied', policy: 'token', reason: 'unknown' }, '28P01'],
  [{ kind: 'denied', policy: 'access', reason: 'no' }, '42501'],
  [{ kind: 'unavailable', reason: 'away' }, '57P03'],
])('a refused client reads why, and nothing is dialled (%j)', async (denial, code) => {
  target = await fakeServer(honest)
  await listen(async (socket) => {
    const accepted = await protocol.accept({ socket, address: '127.0.0.1' })
    if (accepted) await protocol.refuse(accepted, denial)
    return null
  })
  const peer = client()
  await signInAs(peer)
  const text = (await peer.rest()).toString('utf8')
  expect(text).toContain(`SFATAL\0VFATAL\0C${code}\0M[sallyport:${denial.kind}]`)
  expect(target.served).toHaveLength(0)
})
