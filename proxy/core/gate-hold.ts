import type { Denial } from '#lib/domain/denial'
import type { HoldDemand } from '#lib/domain/hold'
import { CLOSE_WORDS, type CloseReason } from '#lib/domain/review'
import { HoldNews } from './gate-hold-news'
import {
  approvingGroups,
  changeOf,
  denialOf,
  denialOfOutcome,
  effectOf,
  givenUp,
  verdictOfOutcome,
} from './gate-hold-rules'
import type { OperationPermit } from './gate-permit'
import type { HeldSubject } from './gate-subject'
import type { Claimed, HoldAnswer, ReviewOutcome, ReviewPlace, SessionHold } from './hold-ports'
import type { HoldNotice, Operation, SessionHeader, Verdict } from './ports'

/** How often a change of the policies may make it another review. */
const ROUNDS = 5

/** What a held operation needs of its gate. */
export interface HoldDesk {
  readonly header: SessionHeader
  readonly hold: SessionHold
  judge(operation: Operation, approvedBy?: readonly string[]): Verdict | Promise<Verdict>
  /** Resolves once all that was recorded so far is as safe as a held operation's intent must be. */
  whenSafe(): Promise<void>
  /** Why nothing can be recorded right now; null when it can. */
  refusal(): string | null
  nowMs(): number
  recordHeld(permit: OperationPermit, review: OpenReview): void
  /** Both null: the policies changed before anybody was asked. */
  recordReviewed(
    permit: OperationPermit,
    review: OpenReview | null,
    outcome: ReviewOutcome | null,
    verdict: Verdict,
  ): void
}

/** A review as the gate follows it. */
export interface OpenReview extends ReviewPlace {
  readonly digest: string
  readonly demands: readonly HoldDemand[]
  readonly policies: number
  readonly heldAtMs: number
  /** When to stop waiting for a store that is away. Monotonic. */
  readonly untilMs: number
}

export interface HeldRequest {
  readonly operation: Operation
  readonly permit: OperationPermit
  readonly subject: HeldSubject
  /** Tells the client that waits. */
  held(notice: HoldNotice): void
}

/** `allow`: it may be sent, and the record says why. */
export type Release = { readonly effect: 'allow' } | { readonly effect: 'deny'; readonly denial: Denial }

const ALLOW: Release = { effect: 'allow' }
const AWAY = Symbol('the store did not answer')

/**
 * One held operation, from its intent to its release: asks for a review, waits for what becomes of it, has the newest policies look
 * again with the approvals, and uses the approval up. Nothing is sent here, and nothing may be before `run` says `allow`.
 */
export class HeldOperation {
  readonly #desk: HoldDesk
  readonly #request: HeldRequest
  readonly #news: HoldNews
  #verdict: Verdict
  #review: OpenReview | null = null
  #approval: ReviewOutcome | null = null

  constructor(desk: HoldDesk, request: HeldRequest, verdict: Verdict) {
    this.#desk = desk
    this.#request = request
    this.#verdict = verdict
    this.#news = new HoldNews(desk.hold)
  }

  /** Why it was given up; null while it was not. */
  get gone(): CloseReason | null {
    return this.#news.gone
  }

  /** Gives it up, at once: its review is closed, in the record and then in the store. */
  abandon(why: CloseReason): void {
    if (this.#news.gone !== null) return
    this.#news.giveUp(why)
    this.#letGo(why)
  }

  /** Resolves when it was decided about. Never rejects. */
  async run(): Promise<Release> {
    try {
      await this.#news.unlessGone(this.#desk.whenSafe())
      for (let round = 1; round <= ROUNDS; round++) {
        const release = await this.#round()
        if (release !== null) return release
      }
      return deny({ kind: 'denied', policy: 'sallyport', reason: 'the policies changed too often while it was held' })
    } catch {
      return deny(this.#news.gone === null ? UNASKED : givenUp(this.#news.gone))
    } finally {
      this.#letGo('session-ended')
      this.#news.stop()
    }
  }

  /** One review, from asking for it to its end. null: the policies want another one. */
  async #round(): Promise<Release | null> {
    const { permit } = this.#request
    const answer = await this.#open()
    if (answer.state === 'refused') return deny({ kind: 'denied', policy: 'review', reason: answer.reason })
    if (answer.state === 'stale') return await this.#judgedByOldPolicies()
    const review = this.#opened(answer)
    if (answer.state === 'granted') return await this.#approved(review, answer.outcome, 'granted')
    if (answer.state === 'decided') return await this.#decided(review, answer.outcome)
    this.#desk.recordHeld(permit, review)
    this.#estimate(review)
    if (this.#desk.hold.mode === 'wait') return await this.#wait(review)
    // It outlives this session: whoever is the same and sends the same may use it.
    this.#review = null
    return deny({ kind: 'pending', review: review.review, url: review.url })
  }

  async #open(): Promise<HoldAnswer> {
    const { permit, subject, operation } = this.#request
    const { hold, header } = this.#desk
    const asked = hold.holds.open({
      session: header.session,
      token: header.token,
      worker: header.worker,
      op: permit.op,
      mode: hold.mode,
      subject: subject.subject,
      demands: this.#verdict.demands ?? [],
      policies: this.#verdict.policies ?? 0,
      facts: operation.facts,
    })
    // Nobody may be here any more when it is answered.
    const answered = asked.then((answer) => {
      const gone = this.#news.gone
      if (gone !== null && answer.state === 'pending' && hold.mode === 'wait') hold.holds.abandon(answer.review, gone)
      return answer
    })
    return await this.#news.unlessGone(answered)
  }

  #opened(answer: Exclude<HoldAnswer, { state: 'refused' | 'stale' }>): OpenReview {
    const heldAtMs = this.#desk.nowMs()
    this.#review = {
      review: answer.review,
      url: answer.url,
      digest: this.#request.subject.digest,
      demands: this.#verdict.demands ?? [],
      policies: this.#verdict.policies ?? 0,
      heldAtMs,
      untilMs: heldAtMs + (answer.state === 'pending' ? this.#desk.hold.limits.reviewMs : 0),
    }
    return this.#review
  }

  #estimate({ review }: OpenReview): void {
    this.#request.operation
      .estimate?.()
      .then((rows) => (rows === null ? undefined : this.#desk.hold.holds.noteEstimate(review, rows)))
      .catch(() => undefined)
  }

  async #wait(review: OpenReview): Promise<Release | null> {
    this.#news.follow(review.review)
    this.#news.expect(review.policies)
    this.#request.held({ review: review.review, url: review.url })
    for (;;) {
      const outcome = await this.#news.next()
      if (outcome !== null) return await this.#decided(review, outcome)
      const verdict = await this.#judge()
      const change = changeOf(verdict, review.demands)
      if (change === 'none') continue
      const closed = await this.#ask(review, () => this.#desk.hold.holds.cancel(review.review, 'policy-changed'))
      // Judged anew once the store is back: the policies may have changed again.
      if (closed === AWAY) this.#news.lookAgain()
      else if (closed.state !== 'cancelled') return await this.#decided(review, closed)
      else return this.#changed(review, closed, verdict)
    }
  }

  #changed(review: OpenReview, closed: ReviewOutcome, verdict: Verdict): Release | null {
    this.#end(review, closed, verdict)
    return this.#afresh(verdict)
  }

  /** Nobody was asked yet: the newest policies may say something else. */
  async #judgedByOldPolicies(): Promise<Release | null> {
    await this.#news.unlessGone(this.#desk.hold.policies.refresh())
    const verdict = await this.#judge()
    if (effectOf(verdict) !== 'hold') this.#desk.recordReviewed(this.#request.permit, null, null, verdict)
    return this.#afresh(verdict)
  }

  #afresh(verdict: Verdict): Release | null {
    switch (effectOf(verdict)) {
      case 'allow':
        return ALLOW
      case 'deny':
        return deny(denialOf(verdict))
      case 'hold':
        this.#verdict = verdict
        return null
    }
  }

  async #decided(review: OpenReview, outcome: ReviewOutcome): Promise<Release | null> {
    if (outcome.state === 'approved') return await this.#approved(review, outcome, 'to be claimed')
    return this.#refused(review, outcome)
  }

  #refused(review: OpenReview, outcome: Exclude<ReviewOutcome, { state: 'approved' }>): Release {
    const denial = denialOfOutcome(outcome, review, this.#verdict.decision.policy)
    this.#end(review, outcome, verdictOfOutcome(outcome, denial))
    return deny(denial)
  }

  /** The newest policies have the last word, and the store says whether the approval is still unused. */
  async #approved(
    review: OpenReview,
    outcome: Extract<ReviewOutcome, { state: 'approved' }>,
    use: 'granted' | 'to be claimed',
  ): Promise<Release | null> {
    const { hold, header, refusal } = this.#desk
    this.#approval = outcome
    const groups = approvingGroups(review.demands, outcome.approvals, header.onBehalfOf.id)
    for (;;) {
      if ((await this.#ask(review, () => hold.policies.refresh())) === AWAY) continue
      const verdict = await this.#judge(groups)
      if (effectOf(verdict) !== 'allow') return await this.#notLifted(review, outcome, verdict)
      if (refusal() !== null) {
        await this.#pause(review)
        continue
      }
      this.#request.permit.approvedBy = groups
      if (use === 'granted') return this.#release(review, outcome, verdict)
      const claimed = await this.#claim(review, verdict)
      if (claimed === AWAY || claimed.state === 'stale') continue
      return claimed.state === 'claimed' ? this.#release(review, outcome, verdict) : this.#refused(review, claimed)
    }
  }

  async #claim(review: OpenReview, verdict: Verdict): Promise<Claimed | typeof AWAY> {
    const { hold, header } = this.#desk
    const bare = await this.#judge()
    return await this.#ask(review, () =>
      hold.holds.claim({
        review: review.review,
        session: header.session,
        op: this.#request.permit.op,
        worker: header.worker,
        digest: review.digest,
        demands: bare.demands ?? [],
        policies: verdict.policies ?? 0,
      }),
    )
  }

  #release(review: OpenReview, outcome: ReviewOutcome, verdict: Verdict): Release {
    this.#end(review, outcome, verdict)
    return ALLOW
  }

  /** Approved, and still not allowed: other policies came meanwhile, or one that no approval lifts. */
  async #notLifted(review: OpenReview, outcome: ReviewOutcome, verdict: Verdict): Promise<Release | null> {
    if (effectOf(verdict) === 'hold' && verdict.policies !== review.policies) {
      this.#end(review, outcome, verdict)
      const afresh = await this.#judge()
      if (effectOf(afresh) !== 'hold') return deny(denialOf(asDeny(afresh)))
      this.#verdict = afresh
      return null
    }
    const denied = asDeny(verdict)
    this.#end(review, outcome, denied)
    return deny(denialOf(denied))
  }

  #judge(approvedBy?: readonly string[]): Promise<Verdict> {
    return this.#news.unlessGone(Promise.resolve(this.#desk.judge(this.#request.operation, approvedBy)))
  }

  /** Asks the store. `AWAY` when it did not answer, after a pause. */
  async #ask<T>(review: OpenReview, question: () => Promise<T>): Promise<T | typeof AWAY> {
    try {
      return await this.#news.unlessGone(question())
    } catch (error) {
      if (this.#news.gone !== null) throw error
      await this.#pause(review)
      return AWAY
    }
  }

  /** Throws when the time of `review` is up. */
  async #pause({ untilMs }: OpenReview): Promise<void> {
    if (this.#desk.nowMs() >= untilMs) throw new RangeError('the store was away for too long')
    await this.#news.unlessGone(this.#desk.hold.holds.pause())
  }

  #end(review: OpenReview, outcome: ReviewOutcome, verdict: Verdict): void {
    if (this.#review !== review) return
    this.#review = null
    this.#approval = null
    this.#news.unfollow()
    this.#desk.recordReviewed(this.#request.permit, review, outcome, verdict)
  }

  /** A review whose end is not known yet is nobody's any more. */
  #letGo(why: CloseReason): void {
    const review = this.#review
    if (review === null) return
    const reason = CLOSE_WORDS[why]
    const outcome = this.#approval ?? this.#news.outcome ?? ({ state: 'cancelled', reason } as const)
    const verdict = { decision: { effect: 'deny', policy: 'sallyport', reason } } as const
    this.#end(review, outcome, verdict)
    this.#desk.hold.holds.abandon(review.review, why)
  }
}

const UNASKED: Denial = {
  kind: 'unavailable',
  reason: 'it must be approved, and no approval can be had right now; try again in a moment',
}

function deny(denial: Denial): Release {
  return { effect: 'deny', denial }
}

/** What is held when nobody can be asked any more is denied. */
function asDeny(verdict: Verdict): Verdict {
  const { policy, reason } = verdict.decision
  if (effectOf(verdict) !== 'hold') return { ...verdict, decision: { ...verdict.decision, effect: 'deny' } }
  return { ...verdict, decision: { effect: 'deny', policy, reason: `the approval does not lift it: ${reason}` } }
}
