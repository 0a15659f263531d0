import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sealSubject } from '#lib/crypto/review-digest'
import { systemClock } from '#lib/domain/clock'
import type { ReviewId } from '#lib/domain/ids'
import { approveReview } from '#lib/services/reviews/approve'
import { rejectReview } from '#lib/services/reviews/reject'
import { age, type HeldWorld, holdOperations } from '#lib/services/testing/held'
import { createWorld, type World } from '#lib/services/testing/world'
import type { HoldRequest, ReviewOutcome } from '../core/hold-ports'
import { silentLog } from '../core/testing/fake-parts'
import { StoreHolds } from './holds'

let world: World
let held: HeldWorld
let holds: StoreHolds
const stops: (() => void)[] = []
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  held = await holdOperations(world)
  holds = new StoreHolds({
    ...held.proxy,
    clock: systemClock,
    log: silentLog,
    url: (review) => `http://portal/${review}`,
  })
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})
afterAll(() => world.close())

function request(change: Partial<HoldRequest> = {}): HoldRequest {
  const { subject, facts, demands, policyVersion, mode, sessionId, op, tokenId, workerId } = held.unlike()
  const known = facts === null ? null : { facts, json: '', key: '', fingerprint: 'f1' }
  const where = { session: sessionId, op, token: tokenId, worker: workerId }
  return { ...where, mode, subject, demands, policies: policyVersion, facts: known, ...change }
}

function claimOf(asked: HoldRequest, review: ReviewId) {
  const { session, op, worker, demands, policies, subject } = asked
  return { review, session, op, worker, demands, policies, digest: sealSubject(subject).digest.toString('hex') }
}

async function pending(asked: HoldRequest): Promise<ReviewId> {
  const answer = await holds.open(asked)
  if (answer.state !== 'pending') throw new Error(JSON.stringify(answer))
  expect(answer.url).toBe(`http://portal/${answer.review}`)
  return answer.review
}

/** What becomes of a review, as soon as the adapter says it. */
function outcome(review: ReviewId): { readonly known: Promise<ReviewOutcome>; stop(): void } {
  let tell: (outcome: ReviewOutcome) => void = () => undefined
  const known = new Promise<ReviewOutcome>((resolve) => {
    tell = resolve
  })
  const stop = holds.follow(review, (said) => tell(said))
  stops.push(stop)
  return { known, stop }
}

const approve = (id: ReviewId) => approveReview({ ctx: world.as.approver, input: { id } })
const reject = (id: ReviewId) => rejectReview({ ctx: world.as.approver, input: { id, reason: 'not today' } })

describe('a review that is followed', () => {
  it('tells its approval, with who gave it, at the next look, and is then claimed by this operation alone', async () => {
    const asked = request()
    const review = await pending(asked)
    const { known } = outcome(review)
    await approve(review)
    await holds.look()
    const { name } = world.as.approver.actor.principal
    expect(await known).toMatchObject({
      state: 'approved',
      approvals: [{ principal: { name }, groups: ['role:approver'] }],
      scope: { kind: 'once' },
    })
    const claim = claimOf(asked, review)
    expect(await holds.claim(claim)).toEqual({ state: 'claimed' })
    expect(await holds.claim(claim)).toEqual({ state: 'claimed' })
    expect(await holds.claim({ ...claim, op: 2 })).toMatchObject({ state: 'cancelled' })
  })

  it('tells a rejection in the approver’s words', async () => {
    const review = await pending(request())
    const { known } = outcome(review)
    await reject(review)
    await holds.look(review)
    expect(await known).toEqual({ state: 'rejected', reason: 'not today' })
  })

  it('tells what had happened before it was followed, and what the store’s clock says', async () => {
    const review = await pending(request())
    await age(world.store, 16)
    expect(await outcome(review).known).toEqual({ state: 'expired' })
  })

  it('that the store does not have counts as cancelled, and one that is not followed any more tells nothing', async () => {
    expect(await outcome('rev_00000000000000000000').known).toMatchObject({ state: 'cancelled' })
    const review = await pending(request())
    let told = false
    const { known, stop } = outcome(review)
    void known.then(() => {
      told = true
    })
    stop()
    await reject(review)
    await holds.look()
    expect(told).toBe(false)
  })
})

describe('closing', () => {
  it('cancels what is pending, and leaves what was decided: the answer says how it ended', async () => {
    const [open, decided] = [await pending(request()), await pending(request())]
    await reject(decided)
    expect(await holds.cancel(open, 'policy-changed')).toEqual({ state: 'cancelled', reason: 'the policies changed' })
    expect(await holds.cancel(decided, 'policy-changed')).toEqual({ state: 'rejected', reason: 'not today' })
  })

  it('of what nobody waits for is done by the time the worker stops', async () => {
    const review = await pending(request())
    holds.abandon(review, 'session-ended')
    await holds.drain(5_000)
    await expect(approve(review)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('asking', () => {
  it('is refused where nobody is named, and where too many wait already', async () => {
    expect(await holds.open(request({ demands: [] }))).toMatchObject({ state: 'refused' })
    for (let i = 0; i < 5; i++) await pending(request())
    expect(await holds.open(request())).toMatchObject({ state: 'refused' })
  })

  it('by a set of policies that is not the newest is answered so; so is a claim', async () => {
    expect(await holds.open(request({ policies: 999 }))).toEqual({ state: 'stale' })
    const asked = request()
    const review = await pending(asked)
    await approve(review)
    expect(await holds.claim({ ...claimOf(asked, review), policies: 999 })).toEqual({ state: 'stale' })
  })

  it('again with a ticket finds the approval, or the rejection', async () => {
    const [one, two] = [request({ mode: 'ticket' }), request({ mode: 'ticket' })]
    const [approved, rejected] = [await pending(one), await pending(two)]
    await approve(approved)
    await reject(rejected)
    expect(await holds.open({ ...one, op: 2 })).toMatchObject({ state: 'decided', outcome: { state: 'approved' } })
    expect(await holds.open({ ...two, op: 2 })).toMatchObject({ state: 'decided', outcome: { state: 'rejected' } })
  })

  it('for what a grant covers needs nobody, and says how far the grant reaches', async () => {
    const first = request()
    const review = await pending(first)
    await approveReview({ ctx: world.as.approver, input: { id: review, scope: { kind: 'minutes', minutes: 5 } } })
    expect(await holds.open(request({ session: first.session }))).toMatchObject({
      state: 'granted',
      review,
      outcome: { state: 'approved', scope: { kind: 'minutes', minutes: 5 } },
    })
  })
})
