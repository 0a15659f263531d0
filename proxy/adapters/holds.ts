import { setTimeout as sleep } from 'node:timers/promises'
import type { ReviewId } from '#lib/domain/ids'
import type { CloseReason, RowEstimate } from '#lib/domain/review'
import { limitsOf } from '#lib/services/context'
import { type ClaimRefusal, claimReview } from '#lib/services/gateway/claim-review'
import { closeReviews } from '#lib/services/gateway/close-reviews'
import type { GatewayContext } from '#lib/services/gateway/gateway-context'
import { noteEstimate } from '#lib/services/gateway/note-estimate'
import { openReview } from '#lib/services/gateway/open-review'
import { readReviewOutcomes, type ReviewOutcome as StoredOutcome } from '#lib/services/gateway/read-review-outcomes'
import type { Claimed, ClaimRequest, HoldAnswer, HoldRequest, Holds, ReviewOutcome } from '../core/hold-ports'
import type { Log } from '../core/log'
import { STORE_ANSWER_MS, within } from './within'

/** How long to wait before the store is asked again. */
const PAUSE_MS = 500
/** How often open reviews are read again, in case a signal was missed. */
const LOOK_MS = 3_000

export interface StoreHoldsParts extends GatewayContext {
  readonly log: Log
  /** Where a person looks at a review. */
  url(review: ReviewId): string
}

interface Followed {
  readonly tell: (outcome: ReviewOutcome) => void
  /** Monotonic: when it is over whatever the store says. */
  readonly untilMs: number
}

/** Reviews in the store, followed by signals and, in case one is missed, by looking every few seconds. */
export class StoreHolds implements Holds {
  readonly #parts: StoreHoldsParts
  readonly #followed = new Map<ReviewId, Set<Followed>>()
  readonly #closing = new Set<Promise<void>>()
  #looking: NodeJS.Timeout | undefined

  constructor(parts: StoreHoldsParts) {
    this.#parts = parts
  }

  async open(request: HoldRequest): Promise<HoldAnswer> {
    const { facts, demands } = request
    const [first, ...more] = demands
    if (first === undefined) return { state: 'refused', reason: 'nobody is named who could approve it' }
    const fingerprint = facts?.facts.standing === 'clear' ? facts.fingerprint : null
    const asked = openReview(this.#parts, {
      subject: request.subject,
      facts: facts?.facts ?? null,
      shape: facts === null || fingerprint === null ? null : { facts: facts.facts, fingerprint },
      demands: [first, ...more],
      policyVersion: request.policies,
      mode: request.mode,
      sessionId: request.session,
      op: request.op,
      tokenId: request.token,
      workerId: request.worker,
      said: null,
    })
    const opened = await within(STORE_ANSWER_MS, asked)
    switch (opened.kind) {
      case 'refused':
        return { state: 'refused', reason: opened.reason }
      case 'stale-policies':
        return { state: 'stale' }
      case 'pending':
        return { state: 'pending', ...this.#place(opened.reviewId) }
      case 'granted': {
        const outcome = { state: 'approved', approvals: opened.approvals, scope: opened.scope } as const
        return { state: 'granted', outcome, ...this.#place(opened.reviewId) }
      }
      case 'rejected': {
        const outcome = { state: 'rejected', reason: opened.reason } as const
        return { state: 'decided', outcome, ...this.#place(opened.reviewId) }
      }
      case 'approved':
        return { state: 'decided', outcome: await this.#outcome(opened.reviewId), ...this.#place(opened.reviewId) }
    }
  }

  follow(review: ReviewId, tell: (outcome: ReviewOutcome) => void): () => void {
    const followed: Followed = { tell, untilMs: this.#parts.clock.monotonicMs() + limitsOf(this.#parts).reviewMs }
    const all = this.#followed.get(review) ?? new Set()
    this.#followed.set(review, all)
    all.add(followed)
    this.#looking ??= setInterval(() => void this.look(), LOOK_MS).unref()
    void this.look(review)
    return () => {
      all.delete(followed)
      if (all.size === 0 && this.#followed.get(review) === all) this.#followed.delete(review)
      if (this.#followed.size > 0) return
      clearInterval(this.#looking)
      this.#looking = undefined
    }
  }

  /** Reads how followed reviews stand: one that a signal named, or all. Never rejects. */
  async look(only?: ReviewId): Promise<void> {
    const ids = only === undefined ? [...this.#followed.keys()] : this.#followed.has(only) ? [only] : []
    if (ids.length === 0) return
    try {
      const known = await within(STORE_ANSWER_MS, readReviewOutcomes(this.#parts.db, ids))
      for (const id of ids) {
        const stored = known.find(({ reviewId }) => reviewId === id)
        if (stored?.state !== 'pending') this.#tell(id, stored === undefined ? GONE : outcomeOf(stored))
      }
    } catch (error) {
      this.#parts.log.warn({ error: String(error) }, 'reviews cannot be read')
      this.#expireOld(ids)
    }
  }

  async claim(request: ClaimRequest): Promise<Claimed> {
    const asked = claimReview(this.#parts.db, {
      reviewId: request.review,
      digest: request.digest,
      sessionId: request.session,
      op: request.op,
      workerId: request.worker,
      demands: request.demands,
      policyVersion: request.policies,
    })
    const claimed = await within(STORE_ANSWER_MS, asked)
    if (claimed.kind === 'claimed') return { state: 'claimed' }
    if (claimed.kind === 'stale-policies') return { state: 'stale' }
    if (claimed.why === 'expired') return { state: 'expired' }
    return { state: 'cancelled', reason: REFUSED[claimed.why] }
  }

  async cancel(review: ReviewId, why: CloseReason): Promise<ReviewOutcome> {
    await within(STORE_ANSWER_MS, closeReviews(this.#parts, { reviewIds: [review], why }))
    return this.#outcome(review)
  }

  abandon(review: ReviewId, why: CloseReason): void {
    const closing = this.#closeUntilDone(review, why).finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  /** Waits for reviews that are being closed. Call it after every session was ended. */
  async drain(withinMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#closing), sleep(withinMs, undefined, { ref: false })])
  }

  noteEstimate(review: ReviewId, estimate: RowEstimate): Promise<void> {
    return noteEstimate(this.#parts.db, review, estimate)
  }

  pause(): Promise<void> {
    return sleep(PAUSE_MS)
  }

  #place(review: ReviewId): { readonly review: ReviewId; readonly url: string } {
    return { review, url: this.#parts.url(review) }
  }

  async #outcome(review: ReviewId): Promise<ReviewOutcome> {
    const [stored] = await within(STORE_ANSWER_MS, readReviewOutcomes(this.#parts.db, [review]))
    return stored === undefined ? GONE : outcomeOf(stored)
  }

  #tell(review: ReviewId, outcome: ReviewOutcome): void {
    const all = this.#followed.get(review)
    this.#followed.delete(review)
    for (const { tell } of all ?? []) tell(outcome)
  }

  /** The store is away: what can be pending no longer is over. */
  #expireOld(ids: readonly ReviewId[]): void {
    const now = this.#parts.clock.monotonicMs()
    for (const id of ids)
      for (const { untilMs } of this.#followed.get(id) ?? []) if (now >= untilMs) this.#tell(id, { state: 'expired' })
  }

  /** As long as the store could still hold it open for somebody to approve in vain. */
  async #closeUntilDone(review: ReviewId, why: CloseReason): Promise<void> {
    const untilMs = this.#parts.clock.monotonicMs() + limitsOf(this.#parts).reviewMs
    while (this.#parts.clock.monotonicMs() < untilMs) {
      try {
        await within(STORE_ANSWER_MS, closeReviews(this.#parts, { reviewIds: [review], why }))
        return
      } catch (error) {
        this.#parts.log.warn({ error: String(error), review }, 'a review cannot be closed yet')
        await sleep(PAUSE_MS)
      }
    }
  }
}

const GONE: ReviewOutcome = { state: 'cancelled', reason: 'it is not in the store any more' }

const REFUSED: Readonly<Record<Exclude<ClaimRefusal, 'expired'>, string>> = {
  'not-approved': 'it is not approved',
  used: 'its approval was used already',
  changed: 'what was approved is something else',
  elsewhere: 'it was approved for another session',
  'connection-changed': 'the connection changed',
  unmet: 'who approved it may not any more, or the policies demand other approvals by now',
}

function outcomeOf({ state, approvals, scope, reason }: StoredOutcome): ReviewOutcome {
  switch (state) {
    case 'approved':
      return { state, approvals, scope: scope ?? { kind: 'once' } }
    case 'rejected':
    case 'cancelled':
      return { state, reason: reason ?? '' }
    case 'expired':
      return { state }
    case 'pending':
      return { state: 'cancelled', reason: 'it is pending still' }
  }
}
