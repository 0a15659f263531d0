import { expect, test } from 'vitest'
import type { ControlSignal } from '#lib/domain/signals'
import { silentLog } from '#proxy/core/testing/fake-parts'
import { CancelKeys } from './cancel'

/** Two workers that hear each other's signals, as through the store. */
function workers() {
  const published: string[] = []
  const listeners: ((payload: string) => void)[] = []
  const signals = {
    publish: async (_channel: string, payload: string) => {
      published.push(payload)
      for (const listener of listeners) listener(payload)
    },
    subscribe: async (_channel: string, listener: (payload: string) => void) => {
      listeners.push(listener)
      return () => undefined
    },
  }
  const now = { ms: 0 }
  const clock = { now: () => now.ms, monotonicMs: () => now.ms }
  const [one, two] = [new CancelKeys(signals, clock, silentLog), new CancelKeys(signals, clock, silentLog)]
  return { one, two, published, listeners, now }
}

const counter = () => {
  let runs = 0
  return { run: async () => void runs++, count: () => runs }
}

test('a client cancels with the key it was given, until its session ends', async () => {
  const { one, published } = workers()
  const { run, count } = counter()
  const { key, revoke } = one.issue(run)
  expect(key.secret).toHaveLength(4)
  await one.cancel(key)
  expect(count()).toBe(1)
  revoke()
  await one.cancel(key)
  expect(count()).toBe(1)
  expect(published).toHaveLength(1)
})

test('a wrong secret cancels nothing', async () => {
  const { one } = workers()
  const { run, count } = counter()
  const { key } = one.issue(run)
  const secret = Buffer.from(key.secret)
  secret.writeUInt8(secret.readUInt8(0) ^ 1, 0)
  await one.cancel({ processId: key.processId, secret })
  expect(count()).toBe(0)
})

test('a request that reaches another worker is told to the one that holds the key, without the key', async () => {
  const { one, two, published } = workers()
  await one.listen()
  await two.listen()
  const { run, count } = counter()
  const { key } = one.issue(run)
  await two.cancel(key)
  expect(count()).toBe(1)
  const signal = JSON.parse(published[0] ?? '') as ControlSignal & { kind: 'cancel' }
  expect(Object.keys(signal).sort()).toEqual(['kind', 'processId', 'proof'])
  expect(published[0]).not.toContain(key.secret.toString('hex'))
})

test('a proof that does not fit, and signals of other kinds, do nothing', async () => {
  const { one, listeners } = workers()
  await one.listen()
  const { run, count } = counter()
  const { key } = one.issue(run)
  const send = (payload: unknown) => listeners[0]?.(typeof payload === 'string' ? payload : JSON.stringify(payload))
  const { processId } = key
  send({ kind: 'cancel', processId, proof: '' })
  send({ kind: 'cancel', processId, proof: 'ab'.repeat(32) })
  send({ kind: 'cancel', processId })
  send({ kind: 'run-test', processId, proof: 'x' })
  for (const payload of ['', 'null', '7', '{"kind":"cancel"}', '{']) send(payload)
  expect(count()).toBe(0)
})

test('while a cancel request is on its way a second one waits for nothing', async () => {
  const { one } = workers()
  let runs = 0
  let finish: () => void = () => undefined
  const { key } = one.issue(() => {
    runs += 1
    return new Promise((resolve) => {
      finish = resolve
    })
  })
  const first = one.cancel(key)
  await one.cancel(key)
  expect(runs).toBe(1)
  finish()
  await first
  void one.cancel(key)
  expect(runs).toBe(2)
})

test('a target that cannot be reached does not fail the one who asked', async () => {
  const { one } = workers()
  const { key } = one.issue(() => Promise.reject(new Error('away')))
  await expect(one.cancel(key)).resolves.toBeUndefined()
})

test('strangers cannot flood the other workers: 50 a second are forwarded', async () => {
  const { one, published, now } = workers()
  const guess = (processId: number) => one.cancel({ processId, secret: Buffer.alloc(4) })
  for (let i = 1; i <= 60; i++) await guess(i)
  expect(published).toHaveLength(50)
  now.ms += 1_000
  await guess(61)
  expect(published).toHaveLength(51)
})
