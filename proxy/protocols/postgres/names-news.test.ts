import { expect, test } from 'vitest'
import { silentLog } from '#proxy/core/testing/fake-parts'
import { NamesNews } from './names-news'

/** Two workers that hear each other's signals and their own, as through the store. */
async function workers() {
  const listeners: ((payload: string) => void)[] = []
  const timers: (() => void)[] = []
  const published: string[] = []
  const signals = {
    publish: async (_: string, payload: string) => {
      published.push(payload)
      for (const listener of listeners) listener(payload)
    },
    subscribe: async (_: string, listener: (payload: string) => void) => {
      listeners.push(listener)
      return () => undefined
    },
  }
  const startTimer = (_: number, expire: () => void) => {
    timers.push(expire)
    return () => undefined
  }
  const heard: string[] = []
  const worker = async (self: string) => {
    const news = new NamesNews({ signals, startTimer, log: silentLog, self })
    await news.listen((place) => heard.push(`${self} ${place}`))
    return news
  }
  const [one] = [await worker('one'), await worker('two')]
  const pass = () => {
    for (const expire of timers.splice(0)) expire()
  }
  return { one, heard, published, listeners, pass }
}

test('the other workers are told where names changed, and not the one that says so', async () => {
  const { one, heard } = await workers()
  one.tell('here')
  expect(heard).toEqual(['two here'])
})

test('many changes become few signals, and the last one is told', async () => {
  const { one, published, pass } = await workers()
  for (let index = 0; index < 100; index++) one.tell('here')
  expect(published).toHaveLength(1)
  pass()
  expect(published).toHaveLength(2)
  pass()
  pass()
  expect(published).toHaveLength(2)
  one.tell('here')
  expect(published).toHaveLength(3)
})

test.each([
  '',
  'null',
  '7',
  '{"kind":"names-changed"}',
  '{"kind":"names-changed","place":7,"worker":"x"}',
  '{"kind":"cancel"}',
])('what is no such signal is nothing: %s', async (payload) => {
  const { listeners, heard } = await workers()
  for (const listener of listeners) listener(payload)
  expect(heard).toEqual([])
})
