import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnv } from '../config/env'
import { reviews } from '../db/schema/reviews'
import { openLiveHub } from '../services/live/hub'
import { age, type HeldWorld, holdOperations } from '../services/testing/held'
import { createWorld, type World } from '../services/testing/world'
import { attemptLimit } from './attempt-limit'
import { startBackground } from './background'
import { usePortal } from './portal'

const SECRET = 'a secret of the test'
let world: World
let held: HeldWorld
let receiver: Server
let stop: () => void
const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = []

beforeAll(async () => {
  world = await createWorld()
  held = await holdOperations(world)
  receiver = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(pieces).toString() })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  usePortal({
    env: readEnv({
      SALLYPORT_WEBHOOK_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
      SALLYPORT_WEBHOOK_SECRET: SECRET,
      SALLYPORT_TARGET_ALLOW: '127.0.0.0/8',
    }),
    store: world.store.portal,
    hub: openLiveHub(world.store.portal.sql),
    cookieSecret: 'x'.repeat(44),
    fingerprintKey: randomBytes(32),
    refusals: attemptLimit({ perKey: 1, inAll: 1, windowMs: 1 }),
    streams: new Map(),
  })
  stop = startBackground()
})
afterAll(async () => {
  stop()
  receiver.closeAllConnections()
  receiver.close()
  await world.close()
})

test('a portal tells a webhook that a review waits, signed, by itself', async () => {
  const id = await held.hold()
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1)
  const [{ headers, body } = { headers: {}, body: '' }] = received
  expect(JSON.parse(body)).toMatchObject({ event: 'review.opened', review: { id } })
  const signature = createHmac('sha256', SECRET).update(`${headers['x-sallyport-timestamp']}.${body}`).digest('hex')
  expect(headers['x-sallyport-signature']).toBe(`v1=${signature}`)
})

test('a portal marks reviews whose time is over, and tells', async () => {
  const id = await held.hold()
  await age(world.store, 15)
  const stateOf = async () => (await world.store.owner.db.select().from(reviews).where(eq(reviews.id, id)))[0]?.state
  await expect.poll(stateOf, { timeout: 10_000 }).toBe('expired')
  const told = () => received.some(({ body }) => body.includes('review.expired') && body.includes(id))
  await expect.poll(told, { timeout: 10_000 }).toBe(true)
})
