import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readEnv } from '../config/env'
import { SallyportError } from '../domain/errors'
import { openLiveHub } from '../services/live/hub'
import { notifyLive } from '../services/signals/notify'
import { createWorld, type World } from '../services/testing/world'
import { attemptLimit } from './attempt-limit'
import { watchTopic } from './live-stream'
import { usePortal } from './portal'

let world: World
const streams = new Map<string, number>()
beforeAll(async () => {
  world = await createWorld()
  usePortal({
    env: readEnv({ SALLYPORT_HOME: '/nonexistent' }),
    store: world.store.portal,
    hub: openLiveHub(world.store.portal.sql),
    cookieSecret: '',
    fingerprintKey: randomBytes(32),
    refusals: attemptLimit({ perKey: 10, inAll: 10, windowMs: 60_000 }),
    streams,
  })
})
afterAll(() => world.close())

const watch = (context = async () => world.as.engineer, signal = new AbortController().signal) =>
  watchTopic({ topic: 'sessions', context, signal })

it('a watcher hears of changes, and its place is free again when it leaves', async () => {
  const reader = (await watch()).getReader()
  const next = async () => new TextDecoder().decode((await reader.read()).value)
  expect(await next()).toMatch(/^:/)
  const heard = next()
  await vi.waitFor(async () => {
    await notifyLive(world.store.portal.db, 'sessions')
    expect(await Promise.race([heard, Promise.resolve('')])).toBe('data: changed\n\n')
  })
  expect(streams.size).toBe(1)
  await reader.cancel()
  expect(streams.size).toBe(0)
})

it('a stream ends within 5 s of its watcher being signed out', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let signedIn = true
  const context = async () => {
    if (!signedIn) throw new SallyportError('unauthenticated', 'signed out')
    return world.as.engineer
  }
  const reader = (await watch(context)).getReader()
  await reader.read()
  const ended = (async () => {
    while (!(await reader.read()).done);
  })()
  signedIn = false
  await vi.advanceTimersByTimeAsync(5_000)
  vi.useRealTimers()
  await ended
  expect(streams.size).toBe(0)
})

it('one principal has a hundred streams at most', async () => {
  const stop = new AbortController()
  const open = await Promise.all(Array.from({ length: 100 }, () => watch(undefined, stop.signal)))
  await expect(watch()).rejects.toEqual(expect.objectContaining({ code: 'too_many' }))
  await expect(watch(async () => world.as.auditor)).resolves.toBeDefined()
  stop.abort()
  await Promise.all(open.map((stream) => stream.cancel()))
  await expect(watch()).resolves.toBeDefined()
})
