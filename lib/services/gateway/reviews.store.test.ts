import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sealSubject } from '../../crypto/review-digest'
import { connections } from '../../db/schema/connections'
import { principals } from '../../db/schema/principals'
import { reviewExecutions, reviews, reviewVotes } from '../../db/schema/reviews'
import type { ReviewId } from '../../domain/ids'
import { LIMITS } from '../../domain/limits'
import type { ReviewSubject } from '../../domain/review'
import { APPROVERS, age, type HeldWorld, holdOperations } from '../testing/held'
import { createWorld, type World } from '../testing/world'
import { type ClaimedReview, claimReview, type ReviewClaim } from './claim-review'
import { closeReviews } from './close-reviews'
import { expireReviews } from './expire-reviews'
import { noteEstimate } from './note-estimate'
import type { ReviewRequest } from './open-review'
import { loadPolicySet } from './policy-set'
import { readReviewOutcomes } from './read-review-outcomes'

let world: World
let held: HeldWorld
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  held = await holdOperations(world)
})
afterAll(() => world.close())

/** A vote as the portal writes it. */
async function vote(reviewId: ReviewId, decision: 'approve' | 'reject' = 'approve'): Promise<void> {
  const { id, name } = world.as.approver.actor.principal
  await world.store.portal.db.transaction(async (tx) => {
    await tx.insert(reviewVotes).values({
      ...{ reviewId, voterId: id, voterName: name, via: 'sign-in', decision },
      ...(decision === 'approve' ? { scope: { kind: 'once' as const } } : { reason: 'no' }),
    })
    const state = decision === 'approve' ? 'approved' : 'rejected'
    await tx.update(reviews).set({ state }).where(eq(reviews.id, reviewId))
  })
}

async function openApproved(request: ReviewRequest): Promise<ReviewId> {
  const opened = await held.open(request)
  if (opened.kind !== 'pending') throw new Error(opened.kind)
  await vote(opened.reviewId)
  return opened.reviewId
}

function claim(reviewId: ReviewId, request: ReviewRequest, change: Partial<ReviewClaim> = {}): Promise<ClaimedReview> {
  const { subject, sessionId, op, workerId, demands, policyVersion } = request
  return claimReview(world.store.proxy.db, {
    ...{ reviewId, digest: digestOf(subject), sessionId, op, workerId, demands, policyVersion },
    ...change,
  })
}
const digestOf = (subject: ReviewSubject) => sealSubject(subject).digest.toString('hex')
const refused = (why: string) => ({ kind: 'refused', why })
const stateOf = async (id: ReviewId) => (await readReviewOutcomes(world.store.proxy.db, [id]))[0]?.state

describe('opening a review', () => {
  it('keeps what is to be approved, who asks and on whose behalf, by the store’s clock', async () => {
    const request = held.request({ said: 'please' })
    const opened = await held.open(request)
    expect(opened).toMatchObject({ kind: 'pending', merged: false })
    const id = (opened as { reviewId: ReviewId }).reviewId
    const [row] = await world.store.owner.db.select().from(reviews).where(eq(reviews.id, id))
    expect(row).toMatchObject({ state: 'pending', humanName: 'engineer', runLabel: 'nightly', said: 'please' })
    expect(JSON.parse(row?.subject ?? '')).toEqual(request.subject)
    expect((row?.expiresAt.getTime() ?? 0) - (row?.openedAt.getTime() ?? 0)).toBe(LIMITS.reviewMs)
  })

  it.each([
    ['wait', false],
    ['ticket', true],
  ] as const)('%s: the identical operation of another session merges: %s', async (mode, merged) => {
    const first = await held.open({ mode })
    expect(await held.open({ mode })).toMatchObject({ kind: 'pending', merged })
    const again = await held.open(held.request({ mode, subject: held.subject({ text: 'delete  from orders' }) }))
    expect(again).toMatchObject({ kind: 'pending', merged: false })
    expect(first).toMatchObject({ merged: false })
  })

  it('merges the identical operation of the same session, and nothing else that differs in a part of its subject', async () => {
    const request = held.request({ mode: 'ticket' })
    const first = await held.open(request)
    expect(await held.open(request)).toMatchObject({ ...first, merged: true })
    const others = [
      { binds: [{ text: 'a' }] },
      { state: { searchPath: ['evil', 'public'], role: 'app', sessionRole: 'app' } },
      { state: { searchPath: ['public'], role: 'admin', sessionRole: 'app' } },
      { database: 'other' },
    ]
    for (const change of others)
      expect(await held.open({ ...request, subject: held.subject(change) })).toMatchObject({ merged: false })
  })

  it.each([
    [LIMITS.approvableBytes - 1, 'pending'],
    [LIMITS.approvableBytes, 'pending'],
    [LIMITS.approvableBytes + 1, 'refused'],
  ] as const)('of %i bytes ends %s', async (bytes, kind) => {
    expect(
      await held.open({ subject: held.subject({ text: 'ü'.repeat(bytes >> 1) + 'x'.repeat(bytes & 1) }) }),
    ).toMatchObject({
      kind,
    })
    const binds = [{ text: 'x'.repeat(bytes - 8) }]
    expect(await held.open({ subject: held.subject({ text: 'select 1', binds }) })).toMatchObject({ kind })
  })

  it('is refused where a part cannot be shown', async () => {
    const range = [0, 1] as const
    for (const change of [
      { text: 'a\0b' },
      { text: '\ud800' },
      { binds: [{ text: '\0' }] },
      { binds: [{ format: 'text' as const, in: range, sha256: 'x' }] },
    ])
      expect(await held.open({ subject: held.subject(change) })).toMatchObject({ kind: 'refused' })
  })

  it('is refused beyond five pending of a principal, however many ask at once', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => held.open(held.unlike())))
    expect(opened.filter(({ kind }) => kind === 'pending')).toHaveLength(LIMITS.pendingReviews)
    expect(opened.find(({ kind }) => kind === 'refused')).toMatchObject({
      reason: expect.stringContaining('(5)'),
    })
    await age(world.store, 16)
    expect(await held.open(held.unlike())).toMatchObject({ kind: 'pending' })
  })

  it('is refused by a set of policies that is not in force, and on a changed or disabled connection', async () => {
    expect(await held.open({ policyVersion: 2 })).toEqual({ kind: 'stale-policies', version: 1 })
    const where = eq(connections.id, held.connectionId)
    await world.store.owner.db.update(connections).set({ version: 2 }).where(where)
    expect(await held.open()).toMatchObject({ kind: 'refused' })
    await world.store.owner.db.update(connections).set({ version: 1, disabledAt: new Date() }).where(where)
    expect(await held.open()).toMatchObject({ kind: 'refused' })
  })

  it('finds the ticket that was approved, until it is used', async () => {
    const request = held.request({ mode: 'ticket' })
    const reviewId = await openApproved(request)
    const again = held.request({ mode: 'ticket', op: 7 })
    expect(await held.open(again)).toEqual({ kind: 'approved', reviewId })
    expect(await held.open({ ...again, subject: held.subject({ run: null }) })).toMatchObject({ kind: 'pending' })
    expect(await claim(reviewId, again)).toMatchObject({ kind: 'claimed' })
    expect(await held.open(again)).toMatchObject({ kind: 'pending', merged: false })
  })

  it('finds the ticket that was rejected, for as long as one may be approved', async () => {
    const request = held.request({ mode: 'ticket' })
    const opened = await held.open(request)
    const reviewId = (opened as { reviewId: ReviewId }).reviewId
    await vote(reviewId, 'reject')
    expect(await held.open(request)).toEqual({ kind: 'rejected', reviewId, reason: 'no' })
    await age(world.store, 16)
    expect(await held.open(request)).toMatchObject({ kind: 'pending' })
  })
})

describe('an approval', () => {
  it('is used once, however many try at the same moment', async () => {
    const request = held.request()
    const id = await openApproved(request)
    const claims = await Promise.all(Array.from({ length: 10 }, (_, op) => claim(id, request, { op })))
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ kind }) => kind === 'refused')).toEqual(Array(9).fill(refused('used')))
    expect(claims.find(({ kind }) => kind === 'claimed')).toMatchObject({
      approvals: [{ principal: { name: 'approver' }, groups: ['role:approver'] }],
      scope: { kind: 'once' },
    })
  })

  it.each([
    ['text', { text: 'delete from orders ' }],
    ['binds', { binds: [null] }],
    ['search_path', { state: { searchPath: ['a'], role: 'app', sessionRole: 'app' } }],
    ['role', { state: { searchPath: ['public'], role: 'postgres', sessionRole: 'app' } }],
    ['run', { run: null }],
    ['type', { type: 'execute' as const }],
    ['row limit', { maxRows: 1 }],
  ])('covers no other %s', async (_, change) => {
    const request = held.request()
    const id = await openApproved(request)
    expect(await claim(id, request, { digest: digestOf(held.subject(change)) })).toEqual(refused('changed'))
    expect(await claim(id, request)).toMatchObject({ kind: 'claimed' })
  })

  it('is the same operation’s when it asks again', async () => {
    const request = held.request()
    const id = await openApproved(request)
    expect(await claim(id, request)).toMatchObject({ kind: 'claimed' })
    expect(await claim(id, request)).toMatchObject({ kind: 'claimed' })
    for (const change of [{ op: 2 }, { sessionId: 'ses_x' as const }, { workerId: 'wrk_x' as const }, { digest: '00' }])
      expect(await claim(id, request, change)).toEqual(refused('used'))
  })

  it('of one that waits is good in its session only', async () => {
    const request = held.request()
    const id = await openApproved(request)
    expect(await claim(id, request, { sessionId: 'ses_other' })).toEqual(refused('elsewhere'))
  })

  it('is good for 15 minutes', async () => {
    const request = held.request({ mode: 'ticket' })
    const id = await openApproved(request)
    await age(world.store, 15)
    expect(await claim(id, request)).toEqual(refused('expired'))
    expect(await held.open(request)).toMatchObject({ kind: 'pending', merged: false })
  })

  it('is not given by anything but votes', async () => {
    const request = held.request()
    const id = await held.hold(request)
    expect(await claim(id, request)).toEqual(refused('not-approved'))
    expect(await claim('rev_none', request)).toEqual(refused('not-approved'))
    await vote(id, 'reject')
    expect(await claim(id, request)).toEqual(refused('not-approved'))
  })

  it('falls when the connection changes, when other policies are in force, and when they demand more', async () => {
    const request = held.request()
    const id = await openApproved(request)
    expect(await claim(id, request, { policyVersion: 2 })).toEqual({ kind: 'stale-policies', version: 1 })
    for (const demand of [{ quorum: 2 }, { group: 'dbas' }])
      expect(await claim(id, request, { demands: [APPROVERS, { ...APPROVERS, ...demand }] })).toEqual(refused('unmet'))
    const where = eq(connections.id, held.connectionId)
    await world.store.owner.db.update(connections).set({ version: 2 }).where(where)
    expect(await claim(id, request)).toEqual(refused('connection-changed'))
    expect(await world.store.owner.db.select().from(reviewExecutions).where(eq(reviewExecutions.reviewId, id))).toEqual(
      [],
    )
  })
})

describe('an approval falls with who gave it', () => {
  const approver = () => world.as.approver.actor.principal.id
  const back = { groups: ['approvers'], disabledAt: null }
  const change = (values: Partial<typeof principals.$inferInsert>, id = approver()) =>
    world.store.owner.db.update(principals).set(values).where(eq(principals.id, id))
  afterEach(() => change(back))

  it.each([
    ['is disabled', { disabledAt: new Date() }],
    ['is no approver any more', { groups: ['others'] }],
  ])('when that human %s before it is used', async (_, values) => {
    const request = held.request()
    const id = await openApproved(request)
    await change(values)
    expect(await claim(id, request)).toEqual(refused('unmet'))
    await change(back)
    expect(await claim(id, request)).toMatchObject({ kind: 'claimed' })
  })

  it('when that human has left the group that was asked', async () => {
    await change({ groups: ['approvers', 'dbas'] })
    const request = held.request({ demands: [{ ...APPROVERS, group: 'dbas' }] })
    const id = await openApproved(request)
    await change(back)
    expect(await claim(id, request)).toEqual(refused('unmet'))
  })

  it('when that human answers for the requester by now', async () => {
    const request = held.request()
    const id = await openApproved(request)
    await change({ ownerId: approver() }, held.agentId)
    expect(await claim(id, request)).toEqual(refused('unmet'))
  })
})

describe('a pending review', () => {
  it('closes with its session or its worker when its client waits, and outlives both as a ticket', async () => {
    const waiting = await held.hold({ sessionId: 'ses_a', workerId: 'wrk_a' })
    const ticket = await held.hold({ sessionId: 'ses_a', workerId: 'wrk_a', mode: 'ticket' })
    expect(await closeReviews(held.proxy, { sessionId: 'ses_a', why: 'session-ended' })).toEqual([waiting])
    expect(await closeReviews(held.proxy, { workerId: 'wrk_a', why: 'worker-dead' })).toEqual([])
    expect([await stateOf(waiting), await stateOf(ticket)]).toEqual(['cancelled', 'pending'])
    expect(await closeReviews(held.proxy, { reviewIds: [waiting, ticket], why: 'policy-changed' })).toEqual([ticket])
  })

  it('is over by the store’s clock, marked or not', async () => {
    const id = await held.hold()
    await age(world.store, 15)
    expect(await stateOf(id)).toBe('expired')
    await expect(vote(id)).rejects.toThrow()
    expect(await expireReviews(held.proxy)).toContain(id)
    expect(await expireReviews(held.proxy)).not.toContain(id)
    const late = await held.hold()
    await age(world.store, 15)
    await closeReviews(held.proxy, { reviewIds: [late], why: 'client-gone' })
    const [row] = await world.store.owner.db.select().from(reviews).where(eq(reviews.id, late))
    expect(row).toMatchObject({ state: 'expired', closeReason: null })
  })

  it('takes one estimate', async () => {
    const id = await held.hold()
    await noteEstimate(world.store.proxy.db, id, { rows: 12, of: 100 })
    await noteEstimate(world.store.proxy.db, id, { rows: 1, of: null })
    const [row] = await world.store.owner.db.select().from(reviews).where(eq(reviews.id, id))
    expect(row?.estimate).toEqual({ rows: 12, of: 100 })
  })

  it('wakes workers and pages when it is closed', async () => {
    const id = await held.hold()
    const heard: string[] = []
    const control = await world.store.owner.sql.listen('sallyport_control', (payload) => heard.push(payload))
    const live = await world.store.owner.sql.listen('sallyport_live', (payload) => heard.push(payload))
    await closeReviews(held.proxy, { reviewIds: [id], why: 'client-gone' })
    await expect
      .poll(() => [...heard].sort())
      .toEqual([`review:${id}`, 'reviews', JSON.stringify({ kind: 'review-decided', reviewId: id })].sort())
    await control.unlisten()
    await live.unlisten()
  })
})

it('a store without policies has none in force', async () => {
  expect(await loadPolicySet(world.store.proxy.db)).toEqual({ version: 1, documents: [] })
  const none = await createWorld()
  expect(await loadPolicySet(none.store.proxy.db)).toEqual({ version: 0, documents: [] })
  await none.close()
})
