import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sealSubject } from '../../crypto/review-digest'
import { openStore, type Store } from '../../db/client'
import type { ReviewId } from '../../domain/ids'
import type { Context } from '../context'
import { type ClaimedReview, claimReview } from '../gateway/claim-review'
import { closeReviews } from '../gateway/close-reviews'
import { openReview, type ReviewRequest } from '../gateway/open-review'
import { enroll, type HeldWorld, holdOperations, proxyContext } from '../testing/held'
import { createWorld, type World } from '../testing/world'
import { approveReview } from './approve'
import { cancelReview } from './cancel'
import { rejectReview } from './reject'

const REVIEWS = 1_000
/** A principal has five pending reviews at most. */
const AT_ONCE = 5
const LANES = 4

let world: World
let second: Context
/** Two portals and two workers, each with connections of its own. */
let portals: readonly Store[]
let workers: readonly Store[]
beforeAll(async () => {
  world = await createWorld()
  second = await enroll(world, 'second', ['approvers'], ['approver'])
  const open = (role: 'portal' | 'proxy') => openStore(world.store.url(role), { max: 12, applicationName: 'race' })
  portals = [open('portal'), open('portal')]
  workers = [open('proxy'), open('proxy')]
})
afterAll(async () => {
  await Promise.all([...portals, ...workers].map((store) => store.close()))
  await world.close()
})

/** What one attempt did: decided the review, used its approval, or nothing. */
type Done = 'approved' | 'rejected' | 'cancelled' | 'executed' | null

const at = (ctx: Context, client: number): Context => ({
  ...ctx,
  db: (portals[client % 2] as Store).db,
  random: (length) => ctx.random(length),
})

async function tried(done: Done, attempt: Promise<unknown>): Promise<Done> {
  const error = await attempt.then(
    () => null,
    (thrown: { code?: string }) => thrown,
  )
  if (error !== null && error.code !== 'conflict') throw error
  return error === null ? done : null
}

function use(id: ReviewId, request: ReviewRequest, op: number): Promise<ClaimedReview> {
  const { subject, sessionId, workerId, demands, policyVersion } = request
  const digest = sealSubject(subject).digest.toString('hex')
  const db = (workers[op % 2] as Store).db
  return claimReview(db, { reviewId: id, digest, sessionId, op, workerId, demands, policyVersion })
}

/** Asks again as long as nobody has decided, as a worker that waits does. */
async function execute(id: ReviewId, request: ReviewRequest, op: number): Promise<Done> {
  for (let round = 0; round < 3; round++) {
    const { kind } = await use(id, request, op)
    if (kind === 'claimed') return 'executed'
  }
  return null
}

async function close(id: ReviewId, client: number): Promise<Done> {
  const ctx = { ...proxyContext(world.store), db: (workers[client % 2] as Store).db }
  const closed = await closeReviews(ctx, { reviewIds: [id], why: 'client-gone' })
  return closed.length > 0 ? 'cancelled' : null
}

/** Twenty attempts at the same moment: six approvals, four rejections, two withdrawals, two closings, six executions. */
async function race(id: ReviewId, request: ReviewRequest): Promise<readonly Done[]> {
  const input = { id }
  const { approver, engineer } = world.as
  const attempts = [
    ...[0, 1, 2].map((client) => () => tried('approved', approveReview({ ctx: at(approver, client), input }))),
    ...[0, 1, 2].map((client) => () => tried('approved', approveReview({ ctx: at(second, client), input }))),
    ...[0, 1].map(
      (client) => () => tried('rejected', rejectReview({ ctx: at(approver, client), input: { id, reason: 'no' } })),
    ),
    ...[0, 1].map(
      (client) => () => tried('rejected', rejectReview({ ctx: at(second, client), input: { id, reason: 'no' } })),
    ),
    ...[0, 1].map((client) => () => tried('cancelled', cancelReview({ ctx: at(engineer, client), input }))),
    ...[0, 1].map((client) => () => close(id, client)),
    ...[1, 2, 3, 4, 5, 6].map((op) => () => execute(id, request, op)),
  ]
  const shuffled = attempts.map((attempt) => ({ attempt, order: Math.random() })).sort((a, b) => a.order - b.order)
  return Promise.all(shuffled.map(({ attempt }) => attempt()))
}

async function openOne(held: HeldWorld): Promise<{ id: ReviewId; request: ReviewRequest }> {
  const request = held.unlike({ mode: Math.random() < 0.5 ? 'wait' : 'ticket' })
  const opened = await openReview(held.proxy, request)
  if (opened.kind !== 'pending') throw new Error(opened.kind)
  return { id: opened.reviewId, request }
}

/** One review after the other has exactly one outcome, and is used at most once. */
async function check(id: ReviewId, request: ReviewRequest, done: readonly Done[]): Promise<Done> {
  const decisions = done.filter((one) => one !== null && one !== 'executed')
  expect(decisions, id).toHaveLength(1)
  const [decided] = decisions
  const late = await Promise.all([7, 8].map((op) => use(id, request, op)))
  const used = [...done.filter((one) => one === 'executed'), ...late.filter(({ kind }) => kind === 'claimed')].length
  expect(used, `${id} ${decided}`).toBe(decided === 'approved' ? 1 : 0)
  return decided ?? null
}

it(`${REVIEWS} reviews with 20 attempts at once, over two portals and two workers: one outcome each, at most one execution`, async () => {
  const outcomes = new Map<Done, number>()
  const lane = async (count: number) => {
    for (let round = 0; round < count; round += AT_ONCE) {
      const held = await holdOperations(world)
      const opened = await Promise.all(Array.from({ length: AT_ONCE }, () => openOne(held)))
      for (const { id, request } of opened) {
        const decided = await check(id, request, await race(id, request))
        outcomes.set(decided, (outcomes.get(decided) ?? 0) + 1)
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, () => lane(REVIEWS / LANES)))
  const { db } = world.store.owner
  const rows = await db.execute<{ state: Done; reviews: number; votes: number; executions: number }>(sql`
    select r.state, count(*)::int as reviews, count(e.review_id)::int as executions,
      sum((select count(*) from review_votes v where v.review_id = r.id))::int as votes
    from reviews r left join review_executions e on e.review_id = r.id group by r.state`)
  for (const { state, reviews, votes, executions } of rows) {
    expect(outcomes.get(state)).toBe(reviews)
    expect(votes).toBe(state === 'cancelled' ? 0 : reviews)
    expect(executions).toBe(state === 'approved' ? reviews : 0)
  }
  // It was a race: each kind of attempt won some.
  expect([...outcomes.keys()].sort()).toEqual(['approved', 'cancelled', 'rejected'])
}, 600_000)
