import type { Approval } from '#lib/domain/event'
import type { HoldDemand } from '#lib/domain/hold'
import type { PrincipalId, ReviewId } from '#lib/domain/ids'
import { LIMITS } from '#lib/domain/limits'
import { CLOSE_WORDS, type CloseReason, type RowEstimate } from '#lib/domain/review'
import type {
  Claimed,
  ClaimRequest,
  HoldAnswer,
  HoldRequest,
  Holds,
  PolicyFeed,
  ReviewOutcome,
  SessionHold,
} from '../hold-ports'
import type { Decide, Verdict } from '../ports'

interface FakeReview {
  readonly request: HoldRequest
  outcome: ReviewOutcome | null
  claimedBy: string | null
  tell: (outcome: ReviewOutcome) => void
}

/** A store of reviews in memory. Decides what the test says, and can be away. */
class FakeHolds implements Holds {
  readonly reviews = new Map<ReviewId, FakeReview>()
  /** What was asked of it, in order. */
  readonly said: string[] = []
  /** While set, nothing is answered but with this error. */
  away: Error | null = null
  /** Answers instead of a pending review, when it is set. */
  answer: ((request: HoldRequest) => HoldAnswer | Promise<HoldAnswer>) | null = null
  /** Claims wait for this, when it is set. */
  claiming: Promise<void> | null = null
  #pauses: (() => void)[] = []

  get last(): ReviewId {
    return [...this.reviews.keys()].at(-1) ?? reviewId(0)
  }

  async open(request: HoldRequest): Promise<HoldAnswer> {
    this.said.push(`open ${request.subject.text}`)
    if (this.away !== null) throw this.away
    if (this.answer !== null) return await this.answer(request)
    const review = reviewId(this.reviews.size + 1)
    this.reviews.set(review, { request, outcome: null, claimedBy: null, tell: () => {} })
    return { state: 'pending', review, url: `http://portal/inbox/${review}` }
  }

  follow(review: ReviewId, tell: (outcome: ReviewOutcome) => void): () => void {
    const known = this.#find(review)
    known.tell = tell
    if (known.outcome !== null) tell(known.outcome)
    return () => {
      known.tell = () => {}
    }
  }

  /** Somebody decides; the first wins. */
  decide(review: ReviewId, outcome: ReviewOutcome): ReviewOutcome {
    const known = this.#find(review)
    known.outcome ??= outcome
    known.tell(known.outcome)
    return known.outcome
  }

  async claim({ review, session, op, digest }: ClaimRequest): Promise<Claimed> {
    this.said.push(`claim ${review}`)
    if (this.away !== null) throw this.away
    await this.claiming
    const known = this.#find(review)
    const by = `${session} ${op} ${digest}`
    if (known.outcome?.state !== 'approved') return (known.outcome as Claimed | null) ?? { state: 'expired' }
    known.claimedBy ??= by
    return known.claimedBy === by ? { state: 'claimed' } : { state: 'cancelled', reason: 'it was used already' }
  }

  async cancel(review: ReviewId, why: CloseReason): Promise<ReviewOutcome> {
    this.said.push(`cancel ${review}`)
    if (this.away !== null) throw this.away
    return this.decide(review, { state: 'cancelled', reason: CLOSE_WORDS[why] })
  }

  abandon(review: ReviewId, why: CloseReason): void {
    this.said.push(`abandon ${review}: ${why}`)
    const known = this.reviews.get(review)
    if (known !== undefined) known.outcome ??= { state: 'cancelled', reason: CLOSE_WORDS[why] }
  }

  async noteEstimate(review: ReviewId, { rows }: RowEstimate): Promise<void> {
    this.said.push(`estimate ${review} ${rows}`)
  }

  pause(): Promise<void> {
    return new Promise((resolve) => this.#pauses.push(resolve))
  }

  /** It is time to ask again. */
  tick(): void {
    for (const resolve of this.#pauses.splice(0)) resolve()
  }

  #find(review: ReviewId): FakeReview {
    const known = this.reviews.get(review)
    if (known === undefined) throw new Error(`no review ${review}`)
    return known
  }
}

/** Policies that a test changes at will. */
class FakePolicies implements PolicyFeed {
  version = 1
  away: Error | null = null
  /** What `refresh` finds, when it is set. */
  found: (() => void) | null = null
  /** Judges; may be replaced by the test, with another `version` to make it known. */
  judge: Decide = () => ALLOWED
  readonly #listeners = new Set<() => void>()

  readonly decide: Decide = (operation, approvedBy) => this.judge(operation, approvedBy)

  async refresh(): Promise<void> {
    if (this.away !== null) throw this.away
    this.found?.()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  change(judge: Decide): void {
    this.judge = judge
    this.version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}

const ALLOWED: Verdict = { decision: { effect: 'allow', policy: 'p', reason: '' }, policies: 1 }

export function demand(group = 'dbas', quorum = 1, policy = 'no-drop'): HoldDemand {
  return { policy, group, quorum, reason: 'DROP needs an approval' }
}

/** Holds texts with `held` in them until every demand's group has approved. */
export function holding(policies: () => number, ...demands: readonly HoldDemand[]): Decide {
  return ({ text }, approvedBy = []) => {
    const missing = demands.filter(({ group }) => !approvedBy.includes(group))
    const first = missing[0]
    if (first === undefined || !text.includes('held')) return { ...ALLOWED, policies: policies() }
    const decision = { effect: 'hold', policy: first.policy, reason: first.reason } as const
    return { decision, demands: missing, policies: policies() }
  }
}

export function reviewId(number: number): ReviewId {
  return `rev_${String(number).padStart(20, '0')}`
}

export function approval(principal = 'pri_d', ...groups: readonly string[]): Approval {
  return {
    principal: { id: principal as PrincipalId, name: 'Dana' },
    groups: groups.length > 0 ? groups : ['dbas'],
  }
}

export function approved(...approvals: readonly Approval[]): Extract<ReviewOutcome, { state: 'approved' }> {
  return { state: 'approved', approvals: approvals.length > 0 ? approvals : [approval()], scope: { kind: 'once' } }
}

export interface HoldHarness {
  readonly holds: FakeHolds
  readonly policies: FakePolicies
  readonly hold: SessionHold
}

/** A session's holds over fakes; by default texts with `held` in them are held for `dbas`. */
export function holdHarness(mode: SessionHold['mode'] = 'wait'): HoldHarness {
  const holds = new FakeHolds()
  const policies = new FakePolicies()
  policies.judge = holding(() => policies.version, demand())
  return { holds, policies, hold: { mode, holds, policies, limits: LIMITS } }
}
