import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keepGuardedLimits } from '../../db/guarded-limits'
import { STORE_ROLES } from '../../db/role-names'
import type { ReviewId } from '../../domain/ids'
import { LIMITS } from '../../domain/limits'
import type { Context } from '../context'
import { openReview } from '../gateway/open-review'
import { type HeldWorld, holdOperations } from '../testing/held'
import { createWorld, type World } from '../testing/world'
import { approveReview } from './approve'
import { rejectReview } from './reject'

const limits = {
  ...LIMITS,
  ...{ reviewMs: 60_000, approvableBytes: 1_024, grantMinutes: 10, pendingReviews: 2, reasonBytes: 64 },
}
let world: World
let held: HeldWorld
let approver: Context
beforeAll(async () => {
  world = await createWorld()
  approver = { ...world.as.approver, limits }
})
beforeEach(async () => {
  await keepGuardedLimits(world.store.owner.sql, limits)
  held = await holdOperations(world)
})
afterAll(() => world.close())

const ask = (change?: Parameters<HeldWorld['unlike']>[0]) => openReview({ ...held.proxy, limits }, held.unlike(change))

async function timesOf(id: ReviewId) {
  const [row] = await world.store.owner.sql<{ open: number; good: number | null }[]>`
    select extract(epoch from expires_at - opened_at)::int as open, extract(epoch from expires_at - decided_at)::int as good
    from reviews where id = ${id}`
  return row
}

describe('limits that are set to other values', () => {
  it('are those by which a review waits, and an approval is good', async () => {
    const id = await held.hold()
    expect(await timesOf(id)).toEqual({ open: 60, good: null })
    await approveReview({ ctx: approver, input: { id } })
    expect((await timesOf(id))?.good).toBe(60)
  })

  it.each([
    [1_023, 'pending'],
    [1_024, 'pending'],
    [1_025, 'refused'],
  ])('are those by which a text of %i bytes is %s', async (bytes, kind) => {
    expect(await ask({ subject: held.subject({ text: 'x'.repeat(bytes) }) })).toMatchObject({ kind })
  })

  it.each([
    [1, 'pending'],
    [2, 'pending'],
    [3, 'refused'],
  ])('are those by which number %i that waits is %s', async (number, kind) => {
    for (let i = 1; i < number; i++) await ask()
    expect(await ask()).toMatchObject({ kind })
  })

  it.each([
    [63, true],
    [64, true],
    [65, false],
  ])('are those by which a reason of %i bytes is taken: %s', async (bytes, taken) => {
    const vote = rejectReview({ ctx: approver, input: { id: await held.hold(), reason: 'x'.repeat(bytes) } })
    if (taken) expect((await vote).state).toBe('rejected')
    else await expect(vote).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it.each([
    [9, true],
    [10, true],
    [11, false],
  ])('are those by which an approval for %i minutes is taken: %s', async (minutes, taken) => {
    const scope = { kind: 'minutes', minutes } as const
    const vote = approveReview({ ctx: approver, input: { id: await held.hold(), scope } })
    if (taken) expect((await vote).grantId).not.toBeNull()
    else await expect(vote).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('the store itself guards them', () => {
  it('against every role, which can read them at most', async () => {
    for (const role of STORE_ROLES)
      for (const statement of [
        `update store_limits set value = 86400000`,
        `insert into store_limits values ('other', 1)`,
        `delete from store_limits`,
      ])
        await expect(world.store[role].sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it('against a portal and a proxy that go by others', async () => {
    const long = held.unlike({ subject: held.subject({ text: 'x'.repeat(2_000) }) })
    await expect(openReview({ ...held.proxy, limits: LIMITS }, long)).rejects.toMatchObject({
      cause: { code: '23000' },
    })
    const scope = { kind: 'minutes', minutes: 480 } as const
    const { grantId } = await approveReview({ ctx: world.as.approver, input: { id: await held.hold(), scope } })
    const [row] = await world.store.owner.sql<{ good: number }[]>`
      select extract(epoch from expires_at - created_at)::int as good from grants where id = ${grantId}`
    expect(row?.good).toBe(600)
  })

  it('where one is missing, by letting nothing through', async () => {
    const id = await held.hold()
    await world.store.owner.sql`delete from store_limits where name = 'grantMinutes'`
    const scope = { kind: 'minutes', minutes: 5 } as const
    const { grantId } = await approveReview({ ctx: approver, input: { id, scope } })
    const [row] = await world.store.owner.sql<{ over: boolean }[]>`
      select expires_at <= created_at as over from grants where id = ${grantId}`
    expect(row?.over).toBe(true)
    await world.store.owner.sql`delete from store_limits where name = 'reviewMs'`
    await expect(held.hold()).rejects.toMatchObject({ cause: { code: '23502' } })
    await world.store.owner.sql`delete from store_limits`
    await expect(held.hold()).rejects.toMatchObject({ cause: { code: '23000' } })
  })
})
