import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sealSubject } from '../../crypto/review-digest'
import { connections } from '../../db/schema/connections'
import { grants } from '../../db/schema/grants'
import { accessTokens, principals, roleGroups } from '../../db/schema/principals'
import type { ReviewId } from '../../domain/ids'
import { LIMITS } from '../../domain/limits'
import { createConnection } from '../connections/create'
import { updateConnection } from '../connections/update'
import type { Context } from '../context'
import { claimReview } from '../gateway/claim-review'
import { listGrants } from '../grants/list'
import { revokeGrant } from '../grants/revoke'
import { authorizeTopic } from '../live/authorize-topic'
import { APPROVERS, age, DELETE_FACTS, enroll, type HeldWorld, holdOperations } from '../testing/held'
import { recordSession } from '../testing/recording'
import { createWorld, type World } from '../testing/world'
import { approveReview } from './approve'
import { cancelReview } from './cancel'
import { listReviews } from './list'
import { readReview } from './read'
import { rejectReview } from './reject'

let world: World
let held: HeldWorld
/** Two more people with the approver role, one of them a DBA. */
let dba: Context
let second: Context
beforeAll(async () => {
  world = await createWorld()
  dba = await enroll(world, 'dba', ['approvers', 'dbas'], ['approver'])
  second = await enroll(world, 'second', ['approvers'], ['approver'])
})
beforeEach(async () => {
  held = await holdOperations(world)
})
afterAll(() => world.close())

const failure = (code: string, field?: string) => expect.objectContaining({ code, ...(field && { field }) })
const approve = (ctx: Context, id: ReviewId, scope?: Parameters<typeof approveReview>[0]['input']['scope']) =>
  approveReview({ ctx, input: { id, ...(scope && { scope }) } })
const reject = (ctx: Context, id: ReviewId, reason = 'no') => rejectReview({ ctx, input: { id, reason } })
const stateOf = async (id: ReviewId) => (await readReview({ ctx: world.as.auditor, input: { id } })).state

describe('approving', () => {
  it('decides a review that demands one approver, is recorded, and wakes the worker that waits', async () => {
    const id = await held.hold()
    const heard: string[] = []
    const control = await world.store.owner.sql.listen('sallyport_control', (payload) => heard.push(payload))
    const done = await approve(world.as.approver, id)
    expect(done).toMatchObject({
      state: 'approved',
      scope: { kind: 'once' },
      votes: [{ voter: { name: 'approver' }, decision: 'approve', groups: ['role:approver'] }],
      mine: { kind: 'none', why: 'voted' },
    })
    await expect.poll(() => heard).toEqual([JSON.stringify({ kind: 'review-decided', reviewId: id })])
    await control.unlisten()
    expect((await world.audited('review.approve'))[0]).toMatchObject({
      ...{ actorName: 'approver', targetId: id },
      detail: { state: 'approved', digest: done.digest, scope: { kind: 'once' } },
    })
  })

  it('needs the quorum of every group, of different humans, each of whom votes once', async () => {
    const demands = [
      { ...APPROVERS, quorum: 2 },
      { ...APPROVERS, policy: 'dbas', group: 'dbas' },
    ] as const
    const id = await held.hold({ demands: [...demands] })
    expect(await approve(world.as.approver, id)).toMatchObject({ state: 'pending' })
    await expect(approve(world.as.approver, id)).rejects.toEqual(failure('conflict'))
    expect(await approve(second, id)).toMatchObject({ state: 'pending', demands: [{ approvals: 2 }, { approvals: 0 }] })
    expect((await readReview({ ctx: dba, input: { id } })).mine).toEqual({ kind: 'decide', last: true })
    expect(await approve(dba, id)).toMatchObject({ state: 'approved', demands: [{ approvals: 3 }, { approvals: 1 }] })
    await expect(reject(world.as.admin, id)).rejects.toEqual(failure('forbidden'))
  })

  it('one human of two groups counts for both', async () => {
    const id = await held.hold({ demands: [APPROVERS, { ...APPROVERS, policy: 'dbas', group: 'dbas' }] })
    expect(await approve(dba, id)).toMatchObject({ state: 'approved', votes: [{ groups: ['dbas', 'role:approver'] }] })
  })

  it.each(['admin', 'auditor'] as const)('is not for %s', async (person) => {
    const id = await held.hold()
    await expect(approve(world.as[person], id)).rejects.toEqual(failure('forbidden'))
    await expect(reject(world.as[person], id)).rejects.toEqual(failure('forbidden'))
    expect(await stateOf(id)).toBe('pending')
  })

  it('is not for the operator, nor for Sallyport itself', async () => {
    const id = await held.hold()
    for (const ctx of [world.operator, world.system])
      await expect(approve(ctx, id)).rejects.toEqual(failure('forbidden'))
  })

  it('is not for approvers whom the policy does not ask, and that is recorded', async () => {
    const id = await held.hold({ demands: [{ ...APPROVERS, group: 'dbas' }] })
    await expect(approve(world.as.approver, id)).rejects.toEqual(failure('forbidden'))
    await expect(reject(world.as.approver, id)).rejects.toEqual(failure('forbidden'))
    expect((await world.audited('review.refuse-vote'))[0]).toMatchObject({
      ...{ actorName: 'approver', targetId: id },
      detail: { decision: 'reject', why: 'not-asked' },
    })
    expect(await stateOf(id)).toBe('pending')
  })

  it('does not exist for those who may not see the review', async () => {
    const id = await held.hold()
    await expect(approve(world.as.outsider, id)).rejects.toEqual(failure('not_found'))
    await expect(approve(world.as.approver, 'rev_none')).rejects.toEqual(failure('not_found'))
    await expect(readReview({ ctx: world.as.outsider, input: { id } })).rejects.toEqual(failure('not_found'))
  })

  it('is over when its time is over, marked or not', async () => {
    const id = await held.hold()
    await age(world.store, 15)
    await expect(approve(world.as.approver, id)).rejects.toThrow('This review is not open any more.')
    await expect(reject(world.as.approver, id)).rejects.toEqual(failure('conflict'))
    expect(await stateOf(id)).toBe('expired')
  })

  it('is over after a rejection, and the other way round', async () => {
    const [one, other] = [await held.hold(), await held.hold()]
    expect(await reject(world.as.approver, one, ' not \n today ')).toMatchObject({
      state: 'rejected',
      votes: [{ reason: 'not today' }],
    })
    await expect(approve(second, one)).rejects.toEqual(failure('conflict'))
    await approve(world.as.approver, other)
    await expect(reject(second, other)).rejects.toEqual(failure('conflict'))
  })

  it.each([
    [LIMITS.reasonBytes - 1, true],
    [LIMITS.reasonBytes, true],
    [LIMITS.reasonBytes + 1, false],
  ])('a reason of %i bytes is taken: %s', async (bytes, taken) => {
    const vote = reject(world.as.approver, await held.hold(), 'ü'.repeat(bytes >> 1) + 'x'.repeat(bytes & 1))
    if (taken) expect((await vote).state).toBe('rejected')
    else await expect(vote).rejects.toEqual(failure('invalid_input', 'reason'))
  })
})

describe('the human behind a request does not decide about it', () => {
  const refused = async (ctx: Context, id: ReviewId) => {
    const before = (await world.audited('review.refuse-vote')).length
    await expect(approve(ctx, id)).rejects.toEqual(failure('forbidden'))
    await expect(reject(ctx, id)).rejects.toEqual(failure('forbidden'))
    const after = await world.audited('review.refuse-vote')
    expect(after).toHaveLength(before + 2)
    expect(after[0]?.detail).toMatchObject({ why: 'requester' })
    expect(await stateOf(id)).toBe('pending')
  }
  const withRole = (ctx: Context, ...roles: ('approver' | 'admin')[]): Context => ({
    ...ctx,
    actor: { ...ctx.actor, roles: new Set(roles) },
  })

  it('with every role, by browser and by token', async () => {
    const id = await held.hold()
    const self = withRole(world.as.engineer, 'approver', 'admin')
    await refused(self, id)
    await refused({ ...self, actor: { ...self.actor, via: { kind: 'token', tokenId: 'tok_x', runId: null } } }, id)
  })

  it('as the requester themselves', async () => {
    const { id: principal } = second.actor.principal
    const id = await held.hold({ subject: held.subject({ principal, human: principal, run: null }) })
    await refused(second, id)
  })

  it('as whoever answers for the agent by now', async () => {
    const id = await held.hold()
    const { db } = world.store.owner
    await db.update(principals).set({ ownerId: second.actor.principal.id }).where(eq(principals.id, held.agentId))
    await refused(second, id)
    await refused(withRole(world.as.engineer, 'approver'), id)
  })

  it('as whoever minted the token', async () => {
    const id = await held.hold()
    const { db } = world.store.owner
    await db.update(accessTokens).set({ createdBy: second.actor.principal.id }).where(eq(accessTokens.id, held.tokenId))
    await refused(second, id)
    expect((await approve(world.as.approver, id)).state).toBe('approved')
  })

  it('as an agent of theirs, whose owner has the role', async () => {
    const id = await held.hold()
    const agent = {
      ...second.actor.principal,
      id: held.agentId,
      kind: 'agent' as const,
      ownerId: second.actor.principal.id,
    }
    await refused({ ...second, actor: { ...second.actor, principal: agent } }, id)
  })

  it('and only they take it back, while it is open', async () => {
    const id = await held.hold()
    await expect(cancelReview({ ctx: world.as.approver, input: { id } })).rejects.toEqual(failure('forbidden'))
    await expect(cancelReview({ ctx: world.as.outsider, input: { id } })).rejects.toEqual(failure('not_found'))
    const done = await cancelReview({ ctx: world.as.engineer, input: { id } })
    expect(done).toMatchObject({ state: 'cancelled', closeReason: 'it was taken back' })
    await expect(cancelReview({ ctx: world.as.engineer, input: { id } })).rejects.toEqual(failure('conflict'))
    expect((await world.audited('review.cancel'))[0]).toMatchObject({ actorName: 'engineer', targetId: id })
  })
})

describe('a grant', () => {
  const again = () => held.open(held.unlike())

  it('lets the same shape through without asking, for its minutes, counted', async () => {
    const id = await held.hold()
    const minutes = { kind: 'minutes', minutes: 10 } as const
    const { grantId } = await approve(world.as.approver, id, minutes)
    const opened = await again()
    expect(opened).toMatchObject({ kind: 'granted', grantId, reviewId: id, scope: minutes })
    expect(opened).toMatchObject({ approvals: [{ principal: { name: 'approver' }, groups: ['role:approver'] }] })
    const [item] = (await listGrants({ ctx: world.as.auditor, input: { state: 'active' } })).items
    expect(item).toMatchObject({ id: grantId, uses: 1, policies: ['hold'], approvedBy: [{ name: 'approver' }] })
    expect(Date.parse(item?.expiresAt ?? '') - Date.parse(item?.createdAt ?? '')).toBe(600_000)
    expect((await world.audited('grant.create'))[0]).toMatchObject({ targetId: grantId, detail: { review: id } })
    await age(world.store, 10)
    expect(await again()).toMatchObject({ kind: 'pending' })
  })

  it.each([
    ['another shape', { shape: { facts: { ...DELETE_FACTS, unfiltered: [] }, fingerprint: 'f1' } }],
    ['another fingerprint', { shape: { facts: DELETE_FACTS, fingerprint: 'f2' } }],
    ['no shape', { shape: null }],
    ['another policy', { demands: [{ ...APPROVERS, policy: 'other' }] }],
    ['a greater quorum', { demands: [{ ...APPROVERS, quorum: 2 }] }],
    ['another group', { demands: [{ ...APPROVERS, group: 'dbas' }] }],
  ] as const)('does not cover %s', async (_, change) => {
    await approve(world.as.approver, await held.hold(), { kind: 'minutes', minutes: 10 })
    expect(await held.open(held.unlike(change as never))).toMatchObject({ kind: 'pending' })
    expect(await again()).toMatchObject({ kind: 'granted' })
  })

  it.each([
    ['run', { run: null }],
    ['database', { database: 'other' }],
    ['search_path', { state: { searchPath: ['evil'], role: 'app', sessionRole: 'app' } }],
    ['role', { state: { searchPath: ['public'], role: 'postgres', sessionRole: 'app' } }],
  ])('does not cover another %s', async (_, change) => {
    await approve(world.as.approver, await held.hold(), { kind: 'run' })
    expect(await held.open(held.unlike({ subject: held.subject(change) }))).toMatchObject({ kind: 'pending' })
    expect(await again()).toMatchObject({ kind: 'granted' })
  })

  it.each(['principal', 'human', 'connection', 'connection version'])('does not cover another %s', async (what) => {
    const other = await holdOperations(world)
    const { id: human } = second.actor.principal
    const connection = { id: held.connectionId, version: 2 }
    // Outside of any run, so that it is none that makes the difference.
    const subject = held.subject({ run: null })
    await approve(world.as.approver, await held.hold({ subject }), { kind: 'minutes', minutes: 10 })
    if (what === 'connection version')
      await world.store.owner.db.update(connections).set({ version: 2 }).where(eq(connections.id, held.connectionId))
    const change = {
      principal: { principal: other.agentId, run: null },
      human: { human },
      connection: { connection: { id: other.connectionId, version: 1 } },
      'connection version': { connection },
    }[what]
    expect(await held.open(held.unlike({ subject: held.subject(change) }))).toMatchObject({ kind: 'pending' })
    if (what !== 'connection version') expect(await again()).toMatchObject({ kind: 'granted' })
  })

  it('reaches as far as everybody who approved meant it to', async () => {
    const demands = [{ ...APPROVERS, quorum: 2 }] as const
    const decide = async (one: Parameters<typeof approve>[2], other: Parameters<typeof approve>[2]) => {
      const id = await held.hold({ demands: [...demands] })
      await approve(world.as.approver, id, one)
      return approve(second, id, other)
    }
    expect(await decide({ kind: 'minutes', minutes: 10 }, { kind: 'once' })).toMatchObject({
      state: 'approved',
      scope: { kind: 'once' },
      grantId: null,
    })
    const { grantId } = await decide({ kind: 'run' }, { kind: 'minutes', minutes: 5 })
    const [row] = await world.store.owner.db
      .select()
      .from(grants)
      .where(eq(grants.id, grantId as `gra_${string}`))
    expect((row?.expiresAt.getTime() ?? 0) - (row?.createdAt.getTime() ?? 0)).toBe(300_000)
  })

  it('needs a shape, a run where it is for one, and minutes within the limit', async () => {
    const shapeless = await held.hold({ shape: null })
    const runless = await held.hold({ subject: held.subject({ run: null, text: 'delete from b' }) })
    const wrong = failure('invalid_input', 'scope')
    await expect(approve(world.as.approver, shapeless, { kind: 'minutes', minutes: 1 })).rejects.toEqual(wrong)
    await expect(approve(world.as.approver, runless, { kind: 'run' })).rejects.toEqual(wrong)
    for (const minutes of [0, LIMITS.grantMinutes + 1, 1.5])
      await expect(approve(world.as.approver, runless, { kind: 'minutes', minutes })).rejects.toEqual(
        failure('invalid_input', 'scope.minutes'),
      )
    expect((await approve(world.as.approver, shapeless)).grantId).toBeNull()
  })

  it('ends when it is revoked, by whom it may, once', async () => {
    const { grantId } = await approve(world.as.approver, await held.hold(), { kind: 'run' })
    const revoke = (ctx: Context) => revokeGrant({ ctx, input: { id: grantId ?? '' } })
    await expect(revoke(world.as.auditor)).rejects.toEqual(failure('forbidden'))
    await expect(revoke(world.operator)).rejects.toEqual(failure('forbidden'))
    await expect(revoke(world.as.outsider)).rejects.toEqual(failure('not_found'))
    expect(await revoke(world.as.engineer)).toMatchObject({ state: 'revoked', revokedBy: { name: 'engineer' } })
    expect(await revoke(world.as.admin)).toMatchObject({ state: 'revoked', revokedBy: { name: 'engineer' } })
    expect(await world.audited('grant.revoke')).toHaveLength(1)
    expect(await again()).toMatchObject({ kind: 'pending' })
  })

  it('is worth no more than whoever gave it: disabled, they lift nothing', async () => {
    await approve(second, await held.hold(), { kind: 'minutes', minutes: 10 })
    const disable = (disabledAt: Date | null) =>
      world.store.owner.db.update(principals).set({ disabledAt }).where(eq(principals.id, second.actor.principal.id))
    await disable(new Date())
    expect(await again()).toMatchObject({ kind: 'pending' })
    await disable(null)
    expect(await again()).toMatchObject({ kind: 'granted' })
  })

  it('is listed to those who may see reviews, and to the human behind it', async () => {
    await approve(world.as.approver, await held.hold(), { kind: 'run' })
    const count = async (ctx: Context) => (await listGrants({ ctx, input: { principalId: held.agentId } })).items.length
    expect([await count(world.as.auditor), await count(world.as.engineer), await count(world.as.outsider)]).toEqual([
      1, 1, 0,
    ])
  })
})

describe('the inbox', () => {
  it('lists what waits and what is decided, newest first, by page', async () => {
    const ids = [await held.hold(), await held.hold(), await held.hold()]
    await approve(world.as.approver, ids[1] as ReviewId)
    const list = async (input: Parameters<typeof listReviews>[0]['input'], ctx = world.as.approver) =>
      (await listReviews({ ctx, input: { principalId: held.agentId, ...input } })).items.map(({ id }) => id)
    expect(await list({})).toEqual([...ids].reverse())
    expect(await list({ state: 'pending' })).toEqual([ids[2], ids[0]])
    expect(await list({ state: 'decided' })).toEqual([ids[1]])
    const first = await listReviews({ ctx: world.as.approver, input: { principalId: held.agentId, limit: 2 } })
    expect(await list({ limit: 2, cursor: first.nextCursor ?? '' })).toEqual([ids[0]])
    expect(await list({ requestedByMe: true })).toEqual([])
    expect(await list({}, world.as.engineer)).toEqual([...ids].reverse())
    expect(await list({}, world.as.outsider)).toEqual([])
    await age(world.store, 15)
    expect(await list({ state: 'pending' })).toEqual([])
    expect(await list({ state: 'expired' })).toEqual([ids[2], ids[0]])
  })

  it('shows all that a decision rests on', async () => {
    const text = "delete from orders where note = 'x\u202e'"
    const subject = held.subject({ text, binds: [{ text: '1' }, null] })
    const id = await held.hold({ subject, said: 'trust me' })
    const review = await readReview({ ctx: world.as.approver, input: { id } })
    expect(review).toMatchObject({
      ...{ text, binds: subject.binds, said: 'trust me', grantable: true, cancellable: false, policyVersion: 1 },
      digest: sealSubject(subject).digest.toString('hex'),
      dangers: [{ code: 'U+202E', danger: 'bidi' }],
      ...{ human: { name: 'engineer' }, run: { label: 'nightly' }, database: 'shop' },
      demands: [{ group: 'role:approver', quorum: 1, approvals: 0, reason: 'destructive' }],
      mine: { kind: 'decide', last: true },
      facts: { kinds: ['delete'], unfiltered: ['delete'] },
    })
    const own = await readReview({ ctx: world.as.engineer, input: { id } })
    expect(own).toMatchObject({ mine: { kind: 'none', why: 'requester' }, cancellable: true })
  })

  it.each([
    ['runs', true, null],
    ['will never be known, since its session has ended', false, 'unknown'],
  ] as const)('tells when the approval was used, and that what became of it %s', async (_, live, status) => {
    const principal = world.as.engineer.actor.principal
    const sessionId = await recordSession(world.store, { principal, owner: principal, statements: [], live })
    const request = { ...held.request(), sessionId }
    const opened = await held.open(request)
    const id = (opened as { reviewId: ReviewId }).reviewId
    await approve(world.as.approver, id)
    const { workerId, demands } = request
    const digest = sealSubject(request.subject).digest.toString('hex')
    const claim = { reviewId: id, digest, sessionId, op: 3, workerId, demands, policyVersion: 1 }
    expect(await claimReview(world.store.proxy.db, claim)).toMatchObject({ kind: 'claimed' })
    expect(await readReview({ ctx: world.as.auditor, input: { id } })).toMatchObject({
      executed: true,
      execution: { sessionId, op: 3, status },
    })
  })

  it('is watched by whom it is for', async () => {
    const topic = `review:${await held.hold()}`
    expect(await authorizeTopic({ ctx: world.as.approver, input: { topic } })).toBe(topic)
    await expect(authorizeTopic({ ctx: world.as.outsider, input: { topic } })).rejects.toEqual(failure('not_found'))
    expect(await authorizeTopic({ ctx: world.as.outsider, input: { topic: 'reviews' } })).toBe('reviews')
  })

  it('closes what waits when its connection changes', async () => {
    const connection = {
      name: 'closing',
      protocol: 'postgres' as const,
      address: 'db:5432',
      settings: { database: 'd', user: 'u' },
    }
    const { id } = await createConnection({ ctx: world.as.admin, input: { connection } })
    const subject = held.subject({ connection: { id: id as `con_${string}`, version: 1 } })
    const waiting = await held.hold({ subject, mode: 'ticket' })
    const other = await held.hold()
    const changed = { ...connection, access: ['agents'] }
    await updateConnection({ ctx: world.as.admin, input: { id, version: 1, connection: changed } })
    expect([await stateOf(waiting), await stateOf(other)]).toEqual(['cancelled', 'pending'])
  })
})

it('a vote of somebody who lost the role meanwhile is refused by the store itself', async () => {
  const id = await held.hold()
  await world.store.owner.db.delete(roleGroups).where(eq(roleGroups.role, 'approver'))
  await expect(approve(world.as.approver, id)).rejects.toEqual(failure('conflict'))
  expect(await stateOf(id)).toBe('pending')
})
