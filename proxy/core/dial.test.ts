import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDial, type DialOptions } from './dial'
import type { Dialled, Reach } from './ports'

let server: Server
let port: number
let arrived: Socket[]
let dialled: Dialled | null

beforeEach(async () => {
  arrived = []
  dialled = null
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    arrived.push(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterEach(async () => {
  dialled?.upstream.destroy()
  for (const socket of arrived) socket.destroy()
  server.close()
})

const reach = (host: string, at = port) => ({ connection: { host, port: at } }) as unknown as Reach
const live = new AbortController().signal
const dial = (options: Partial<DialOptions>) => createDial({ allow: ['127.0.0.0/8'], own: [], ...options })

async function arrival(count: number): Promise<Socket> {
  while (arrived.length < count) await once(server, 'connection')
  const socket = arrived[count - 1]
  if (!socket) throw new Error('nobody connected')
  return socket
}

test('resolves once, connects to the checked address and tells each step', async () => {
  let asked = 0
  const steps: string[] = []
  const resolve = async () => {
    asked += 1
    return ['127.0.0.1']
  }
  dialled = await dial({ resolve })(reach('db.internal'), live, (...step) => steps.push(step.join(' ')))
  expect(dialled.upstream.address).toBe('127.0.0.1')
  expect(asked).toBe(1)
  expect(steps).toEqual([
    'resolve running ',
    'resolve passed 127.0.0.1',
    'connect running ',
    `connect passed 127.0.0.1 port ${port} accepts connections`,
  ])
})

test('one refused address refuses the name: nothing is connected to', async () => {
  const steps: string[] = []
  const resolve = async () => ['127.0.0.1', '169.254.169.254']
  const attempt = dial({ resolve })(reach('two-faced'), live, (...step) => steps.push(step.join(' ')))
  await expect(attempt).rejects.toMatchObject({ code: 'target_address_refused' })
  expect(steps.at(-1)).toMatch(/^resolve failed .*link-local/)
  expect(arrived).toHaveLength(0)
})

test('loopback is refused unless it is allowed, under any name the system resolves', async () => {
  for (const host of ['localhost', '127.0.0.1', '127.1', '2130706433', '0x7f000001', '::ffff:127.0.0.1'])
    await expect(createDial({ allow: [], own: [] })(reach(host), live)).rejects.toMatchObject({
      code: expect.stringMatching(/^target_/),
    })
  expect(arrived).toHaveLength(0)
  dialled = await dial({})(reach('127.0.0.1'), live)
  await arrival(1)
})

test('the gateway’s own port is refused where everything else on loopback is allowed', async () => {
  await expect(dial({ own: [{ host: null, port }] })(reach('127.0.0.1'), live)).rejects.toThrow(/the gateway itself/)
  expect(arrived).toHaveLength(0)
})

test('the next address is tried when one does not answer', async () => {
  dialled = await dial({ resolve: async () => ['127.0.0.77', '127.0.0.1'] })(reach('db'), live)
  expect(dialled.upstream.address).toBe('127.0.0.1')
})

test('what fails is said without the name of the target', async () => {
  const nothing = dial({ resolve: async () => [] })(reach('secret.internal'), live)
  await expect(nothing).rejects.toThrow("the target's host name has no address")
  const unknown = dial({ resolve: () => Promise.reject(new Error('ENOTFOUND secret.internal')) })
  await expect(unknown(reach('secret.internal'), live)).rejects.toThrow("the target's host name cannot be resolved")
  server.close()
  await once(server, 'close')
  await expect(dial({})(reach('127.0.0.1'), live)).rejects.toThrow('nothing listens on the port of the target')
})

test('an ended session dials nothing', async () => {
  await expect(dial({})(reach('127.0.0.1'), AbortSignal.abort())).rejects.toThrow(/session ended/)
})

test('the two sides are apart: nothing on the reading side writes', async () => {
  dialled = await dial({})(reach('127.0.0.1'), live)
  expect(Object.keys(dialled.upstream).sort()).toEqual(
    ['address', 'aside', 'destroy', 'pause', 'read', 'reconnect', 'resume', 'startTls'].sort(),
  )
  const server1 = await arrival(1)
  dialled.writer.write(Buffer.from('hello'))
  expect((await once(server1, 'data'))[0].toString()).toBe('hello')
})

test('the end is told once, with the error if there was one, also to who reads later', async () => {
  dialled = await dial({})(reach('127.0.0.1'), live)
  const far = await arrival(1)
  const ends: (Error | null)[] = []
  const ended = new Promise<void>((resolve) =>
    dialled?.upstream.read(
      () => undefined,
      (error) => {
        ends.push(error)
        resolve()
      },
    ),
  )
  far.end()
  await ended
  expect(ends).toEqual([null])
  const again = await new Promise((resolve) => dialled?.upstream.read(() => undefined, resolve))
  expect(again).toBeNull()
  expect(ends).toHaveLength(1)
  expect(dialled.writer.write(Buffer.from('x'))).toBe(true)
})

test('reconnect replaces the socket under both sides', async () => {
  dialled = await dial({})(reach('127.0.0.1'), live)
  const first = await arrival(1)
  const closed = once(first, 'close')
  await dialled.upstream.reconnect()
  const second = await arrival(2)
  first.resume()
  await closed
  const chunk = new Promise<Buffer>((resolve) => dialled?.upstream.read(resolve, () => undefined))
  dialled.writer.write(Buffer.from('to the new one'))
  expect((await once(second, 'data'))[0].toString()).toBe('to the new one')
  second.write('and back')
  expect((await chunk).toString()).toBe('and back')
})

test('a full socket asks the writer to wait, and tells it when to go on', async () => {
  dialled = await dial({})(reach('127.0.0.1'), live)
  const far = await arrival(1)
  far.pause()
  const drained = new Promise<void>((resolve) => dialled?.writer.onDrain(resolve))
  const block = Buffer.alloc(1024 * 1024)
  let accepted = 0
  while (dialled.writer.write(block)) accepted += 1
  expect(accepted).toBeLessThan(1_000)
  far.resume()
  await drained
})

test.each([
  [[8, 16], true],
  [[32], true],
  [[16, 16, 1], false],
  [[33], false],
])('a side connection that sends %j bytes: %s', async (sizes, fits) => {
  dialled = await dial({})(reach('127.0.0.1'), live)
  const aside = await dialled.upstream.aside()
  const far = await arrival(2)
  const send = () => {
    for (const size of sizes) aside.send(Buffer.alloc(size))
  }
  if (fits) expect(send).not.toThrow()
  else expect(send).toThrow(/cancel request only/)
  aside.upstream.destroy()
  far.resume()
  await once(far, 'close')
})
