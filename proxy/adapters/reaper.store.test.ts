import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectionTests } from '#lib/db/schema/connections'
import { workers } from '#lib/db/schema/sessions'
import { newId, type WorkerId } from '#lib/domain/ids'
import { LIMITS } from '#lib/domain/limits'
import { registerWorker } from '#lib/services/gateway/worker-lease'
import { silentLog } from '../core/testing/fake-parts'
import { Lease } from './lease'
import { type ReaperParts, reapDeadWorkers } from './reaper'
import { ids, type SeededStore, seededStore } from './testing/seeded-store'

let seeded: SeededStore
beforeEach(async () => {
  seeded = await seededStore()
})
afterEach(() => seeded.store.close())

const self: WorkerId = newId('worker', ids)
const ALIVE = 100
const GONE = 200
const NOW = 'now'
const EARLIER = 'earlier'

function parts(change: Partial<ReaperParts> = {}): ReaperParts & { recovered: WorkerId[] } {
  const recovered: WorkerId[] = []
  return {
    store: seeded.store.proxy,
    self,
    host: 'here',
    log: silentLog,
    limits: LIMITS,
    contactMs: () => 3_600_000,
    processLives: ({ pid, processStarted }) => pid === ALIVE && processStarted !== EARLIER,
    recover: async (worker) => void recovered.push(worker),
    closeReviews: async () => [],
    recovered,
    ...change,
  }
}

/** A worker whose lease ran out so many seconds ago (negative: will run out). */
async function worker(host: string, pid: number, lapsedSeconds: number, processStarted = NOW): Promise<WorkerId> {
  const id = newId('worker', ids)
  await registerWorker(seeded.store.proxy.db, { id, host, pid, boot: 'b', processStarted })
  await seeded.store.owner.db
    .update(workers)
    .set({ leaseUntil: sql`now() - make_interval(secs => ${lapsedSeconds})` })
    .where(eq(workers.id, id))
  return id
}

const stopped = async (id: WorkerId) => {
  const [row] = await seeded.store.owner.db.select().from(workers).where(eq(workers.id, id))
  return row?.stoppedAt !== null
}

describe('a worker', () => {
  it('on this host whose process is gone is recovered as soon as its lease has run out, and only once', async () => {
    const id = await worker('here', GONE, 1)
    const first = parts()
    expect(await reapDeadWorkers(first)).toEqual([id])
    expect(first.recovered).toEqual([id])
    expect(await stopped(id)).toBe(true)
    expect(await reapDeadWorkers(first)).toEqual([])
  })

  it('on this host whose process number another process has by now is recovered as soon', async () => {
    const id = await worker('here', ALIVE, 1, EARLIER)
    expect(await reapDeadWorkers(parts())).toEqual([id])
  })

  it('that died has the reviews closed that its clients waited for', async () => {
    const id = await worker('here', GONE, 1)
    const closed: WorkerId[] = []
    await reapDeadWorkers(parts({ closeReviews: async (dead) => void closed.push(dead) }))
    expect(closed).toEqual([id])
  })

  it.each([
    ['whose lease still runs', 'here', GONE, -5],
    ['on this host whose process lives', 'here', ALIVE, 60],
    ['on another host that may be serving without the store', 'there', GONE, 60],
  ])('%s is left alone', async (_, host, pid, lapsed) => {
    const id = await worker(host, pid, lapsed)
    expect(await reapDeadWorkers(parts())).toEqual([])
    expect(await stopped(id)).toBe(false)
  })

  it('that was silent for longer than anyone can serve without the store is recovered', async () => {
    const [there, hung] = [await worker('there', GONE, 91), await worker('here', ALIVE, 91)]
    expect([...(await reapDeadWorkers(parts()))].sort()).toEqual([there, hung].sort())
  })

  it('is not called silent by one that could not hear it', async () => {
    await worker('there', GONE, 91)
    expect(await reapDeadWorkers(parts({ contactMs: () => 60_000 }))).toEqual([])
  })

  it('never recovers itself', async () => {
    await registerWorker(seeded.store.proxy.db, { id: self, host: 'here', pid: GONE, boot: 'b', processStarted: NOW })
    await seeded.store.owner.db.update(workers).set({ leaseUntil: sql`now() - interval '1 hour'` })
    expect(await reapDeadWorkers(parts())).toEqual([])
  })

  it('whose recovery fails is tried again, and does not keep others from theirs', async () => {
    const [bad, good] = [await worker('here', GONE, 1), await worker('here', GONE, 1)]
    const recover = async (id: WorkerId) => {
      if (id === bad) throw new Error('its spool cannot be read')
    }
    expect(await reapDeadWorkers(parts({ recover }))).toEqual([good])
    expect(await stopped(bad)).toBe(false)
    expect(await reapDeadWorkers(parts())).toEqual([bad])
  })

  it('is recovered by one worker at a time', async () => {
    const id = await worker('here', GONE, 1)
    let second: readonly WorkerId[] | null = null
    const recover = async () => {
      second = await reapDeadWorkers(parts())
    }
    expect(await reapDeadWorkers(parts({ recover }))).toEqual([id])
    expect(second).toEqual([])
  })

  it('that died during a connection test leaves it failed', async () => {
    const id = await worker('here', GONE, 1)
    const testId = newId('test', ids)
    await seeded.store.owner.db.insert(connectionTests).values({
      id: testId,
      connectionId: seeded.connectionId,
      connectionVersion: 1,
      requestedBy: seeded.ownerId,
      state: 'running',
      workerId: id,
    })
    await reapDeadWorkers(parts())
    const [test] = await seeded.store.owner.db.select().from(connectionTests)
    expect(test?.state).toBe('failed')
    expect(test?.finishedAt).not.toBeNull()
  })
})

describe('a lease', () => {
  const now = { ms: 0 }
  const clock = { now: () => now.ms, monotonicMs: () => now.ms }
  const lease = (id: WorkerId, store = seeded.store.proxy) =>
    new Lease(store.db, { id, host: 'here', pid: ALIVE, boot: 'b', processStarted: NOW }, clock, silentLog)

  it('is held for as long as nobody declared its worker dead, by the store’s clock', async () => {
    const id = newId('worker', ids)
    const held = lease(id)
    await held.register()
    expect(await held.renew()).toBe('held')
    const [row] = await seeded.store.owner.db
      .select({ left: sql<number>`extract(epoch from lease_until - now())::float8` })
      .from(workers)
    expect(row?.left).toBeGreaterThan(8)
    expect(row?.left).toBeLessThanOrEqual(10)
    await seeded.store.owner.db.update(workers).set({ stoppedAt: new Date() })
    expect(await held.renew()).toBe('lost')
  })

  it('counts as lost by a worker that stood still for longer than 30 s', async () => {
    const held = lease(newId('worker', ids))
    await held.register()
    now.ms += 30_000
    expect(await held.renew()).toBe('held')
    now.ms += 30_001
    expect(await held.renew()).toBe('lost')
  })

  it('is in doubt, and contact starts over, when the store is away', async () => {
    const held = lease(newId('worker', ids))
    await held.register()
    now.ms += 10_000
    expect(held.contactMs).toBe(10_000)
    await seeded.store.owner.db.execute(sql`alter table workers rename to elsewhere`)
    expect(await held.renew()).toBe('unknown')
    expect(held.contactMs).toBe(0)
    await seeded.store.owner.db.execute(sql`alter table elsewhere rename to workers`)
    now.ms += 10_000
    expect(await held.renew()).toBe('held')
    expect(held.contactMs).toBe(0)
  })

  it('ends with its worker', async () => {
    const id = newId('worker', ids)
    const held = lease(id)
    await held.register()
    await held.release()
    expect(await stopped(id)).toBe(true)
  })
})
