import { beforeEach, expect, test } from 'vitest'
import { asInstalled, type Catalog } from '#lib/sql/catalog'
import { silentLog } from '#proxy/core/testing/fake-parts'
import { Catalogs } from './catalogs'
import type { SharedCatalog } from './shared-catalog'

const version = (text: string) => expect.objectContaining({ version: text })

let now: number
let timers: { at: number; expire: () => void }[]
let fetches: { before: Catalog | null; resolve(catalog: Catalog | null): void; reject(error: Error): void }[]
let catalogs: Catalogs
let told: string[]
let session: SharedCatalog

beforeEach(() => {
  now = 100_000
  timers = []
  fetches = []
  told = []
  catalogs = new Catalogs({
    clock: { now: () => now, monotonicMs: () => now },
    startTimer: (ms, expire) => {
      timers.push({ at: now + ms, expire })
      return () => undefined
    },
    log: silentLog,
    tell: (place) => void told.push(place),
  })
  session = open()
})

function open(key = 'shop', place = 'here', server = place): SharedCatalog {
  return catalogs.open(
    { key, place, server },
    (before) => new Promise((resolve, reject) => fetches.push({ before, resolve, reject })),
  )
}

/** Lets time pass, and what waits for it happen. */
async function pass(ms: number): Promise<void> {
  now += ms
  for (const { expire } of timers.filter(({ at }) => at <= now)) expire()
  timers = timers.filter(({ at }) => at > now)
  await new Promise((resolve) => setImmediate(resolve))
}

/** Gives the snapshot that is asked for. */
async function give(version: string, size = 0): Promise<void> {
  fetches.shift()?.resolve({ ...asInstalled(version), size })
  await new Promise((resolve) => setImmediate(resolve))
}

/** Waits for what there is to wait for, and has it read. */
async function read(version: string): Promise<void> {
  const come = session.better('none')?.come()
  await give(version)
  await come
}

test('one is read for all sessions that ask, and only when somebody does', async () => {
  const other = open()
  expect([session.catalog, fetches.length]).toEqual([null, 0])
  const both = [session.better('none'), other.better('none')]
  expect(both.map((better) => better?.soon)).toEqual([true, true])
  const come = both.map((better) => better?.come())
  expect(fetches).toHaveLength(1)
  await give('1')
  for (const each of come) await each
  expect([session.catalog, other.catalog]).toEqual([version('1'), version('1')])
  expect(session.better('none')).toBeNull()
})

test('each connection version and database has its own', async () => {
  await read('1')
  expect(open('other').catalog).toBeNull()
})

test.each([
  [60_000, version('1')],
  [60_001, null],
])('after %i ms it is trusted as %j', async (ms, expected) => {
  await read('1')
  now += ms
  expect(session.catalog).toEqual(expected)
})

test('well before that it is read again on the side, once, for whoever uses it', async () => {
  await read('1')
  await pass(45_001)
  expect(session.catalog).toEqual(version('1'))
  expect(session.catalog).toEqual(version('1'))
  expect(fetches).toHaveLength(1)
  await give('2')
  expect(session.catalog).toEqual(version('2'))
})

test('after what names mean may have changed it is not trusted before it was read again from then on', async () => {
  await read('1')
  await pass(5_000)
  const early = session.better('this')?.come()
  session.changed('names')
  expect(session.catalog).toBeNull()
  expect(session.better('none')?.soon).toBe(false)
  await give('early')
  await early
  expect(session.catalog).toBeNull()
  await pass(1_000)
  await read('2')
  expect(session.catalog).toEqual(version('2'))
})

test('a change is one for every connection that leads to the same database, and the other workers are told', async () => {
  await read('1')
  const [same, elsewhere] = [open('other version'), open('other', 'there')]
  elsewhere.changed('names')
  expect(session.catalog).not.toBeNull()
  same.changed('names')
  expect([session.catalog, told]).toEqual([null, ['there', 'here']])
  await pass(1_000)
  await read('2')
  catalogs.namesChanged('here')
  expect([session.catalog, told]).toEqual([null, ['there', 'here']])
})

test('no target is asked twice within a second: who must know waits', async () => {
  await read('1')
  session.changed('names')
  const better = session.better('none')
  expect(better?.soon).toBe(false)
  let came = false
  void better?.come().then(() => (came = true))
  await pass(999)
  expect([came, fetches.length]).toEqual([false, 0])
  await pass(1)
  expect(came).toBe(true)
  expect(session.better('none')?.soon).toBe(true)
})

test('a target whose catalog takes long to read is asked for a fifth of the time at most, and within ten seconds again', async () => {
  for (const [tookMs, pauseMs] of [
    [700, 2_800],
    [60_000, 0],
  ] as const) {
    const come = session.better('none')?.come()
    await pass(tookMs)
    await give('slow')
    await come
    session.changed('names')
    expect(session.better('none')?.soon).toBe(pauseMs === 0)
    await pass(Math.max(0, pauseMs - 1))
    expect(session.better('none')?.soon).toBe(pauseMs === 0)
    await pass(1)
    expect(session.better('none')?.soon).toBe(true)
  }
})

test('changed rows make it age sooner, and nobody waits for it', async () => {
  await read('1')
  session.changed('rows')
  await pass(10_000)
  expect([session.catalog, fetches.length]).toEqual([version('1'), 0])
  await pass(1)
  expect([session.catalog, fetches.length]).toEqual([version('1'), 1])
})

test('while something is under way that may change names at any moment, it is trusted for a second only', async () => {
  await read('1')
  session.begun()
  now += 1_000
  expect(session.catalog).toEqual(version('1'))
  now += 1
  expect(session.catalog).toBeNull()
  session.settled()
  expect(session.catalog).toEqual(version('1'))
})

test('a newer one than this is to be had after a second', async () => {
  await read('1')
  now += 999
  expect([session.better('this'), session.isNew]).toEqual([null, true])
  now += 1
  expect([session.better('this')?.soon, session.isNew]).toEqual([true, false])
})

test('a target that gives none is left alone for five seconds, and nobody waits for it', async () => {
  const come = session.better('none')?.come()
  fetches.shift()?.reject(new Error('no'))
  await come
  expect([session.catalog, session.better('none')]).toEqual([null, null])
  now += 4_999
  expect(session.better('none')).toBeNull()
  now += 1
  expect(session.better('none')).not.toBeNull()
})

test('one that cannot be renewed is not trusted past its time', async () => {
  await read('1')
  await pass(45_001)
  expect(session.catalog).not.toBeNull()
  fetches.shift()?.reject(new Error('no'))
  await pass(15_000)
  expect(session.catalog).toBeNull()
})

test('when the session that reads it is gone, the next one reads', async () => {
  const come = session.better('none')?.come()
  fetches.shift()?.resolve(null)
  await come
  session.close()
  const other = open()
  expect(other.better('none')?.soon).toBe(false)
  await pass(1_000)
  expect(other.better('none')?.soon).toBe(true)
})

test('an unchanged one stays, and is trusted anew', async () => {
  await read('1')
  const before = session.catalog
  await pass(50_000)
  const come = session.better('this')?.come()
  expect(fetches[0]?.before).toBe(before)
  fetches.shift()?.resolve(before)
  await come
  await pass(30_000)
  expect(session.catalog).toBe(before)
})

test.each([
  [64, version('kept')],
  [65, null],
])('of %i that nobody uses the oldest is %j', async (count, expected) => {
  session.close()
  const first = open('first')
  const come = first.better('none')?.come()
  await give('kept')
  await come
  first.close()
  for (let index = 1; index < count; index++) open(`other ${index}`).close()
  expect(open('first').catalog).toEqual(expected)
})

test('of one server two are read at once, whatever its databases; others have their own turns', async () => {
  const entries = ['a', 'b', 'c'].map((key) => open(key, key, 'one server'))
  const come = [...entries, open('elsewhere')].map((entry) => entry.better('none')?.come())
  await pass(0)
  expect(fetches).toHaveLength(3)
  for (let index = 0; index < 4; index++) await give(String(index))
  for (const each of come) await each
  expect(entries.map(({ catalog }) => catalog)).not.toContain(null)
})

test.each([
  [12 * 1024 * 1024, version('late')],
  [12 * 1024 * 1024 + 1, null],
])('where those in use leave no room for one of %i characters it is %j', async (size, expected) => {
  const used = session.better('none')?.come()
  await give('used', 12 * 1024 * 1024)
  await used
  const unused = open('unused')
  const left = unused.better('none')?.come()
  await give('unused', 12 * 1024 * 1024)
  await left
  unused.close()
  const late = open('late')
  const come = late.better('none')?.come()
  await give('late', size)
  await come
  expect(late.catalog).toEqual(expected)
  expect(open('unused').catalog).toBeNull()
})
