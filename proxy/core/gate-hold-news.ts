import type { ReviewId } from '#lib/domain/ids'
import type { CloseReason } from '#lib/domain/review'
import type { ReviewOutcome, SessionHold } from './hold-ports'

/** What a held operation waits for: the outcome of its review, other policies, or that nobody wants it any more. */
export class HoldNews {
  readonly #hold: SessionHold
  readonly #leave: Promise<never>
  readonly #stopPolicies: () => void
  #reject: (error: Error) => void = () => {}
  #unfollow: () => void = () => {}
  #wake: () => void = () => {}
  #changed = false
  #outcome: ReviewOutcome | null = null
  #gone: CloseReason | null = null

  constructor(hold: SessionHold) {
    this.#hold = hold
    this.#leave = new Promise<never>((_, reject) => {
      this.#reject = reject
    })
    this.#leave.catch(() => undefined)
    this.#stopPolicies = hold.policies.onChange(() => this.lookAgain())
  }

  /** Why it was given up; null while it was not. */
  get gone(): CloseReason | null {
    return this.#gone
  }

  /** How the review that is followed ended, as far as is known. */
  get outcome(): ReviewOutcome | null {
    return this.#outcome
  }

  giveUp(why: CloseReason): void {
    this.#gone = why
    this.#reject(new Error(why))
  }

  /** The answer, unless it is given up before. */
  async unlessGone<T>(answer: Promise<T>): Promise<T> {
    // What is not waited for any more may fail unheard.
    answer.catch(() => undefined)
    const known = await Promise.race([this.#leave, answer])
    if (this.#gone !== null) throw new Error(this.#gone)
    return known
  }

  follow(review: ReviewId): void {
    this.#unfollow()
    this.#outcome = null
    this.#unfollow = this.#hold.holds.follow(review, (outcome) => {
      this.#outcome = outcome
      this.#wake()
    })
  }

  unfollow(): void {
    this.#unfollow()
    this.#unfollow = () => {}
  }

  /** The review rests on set `policies`: another one may have come before it was followed. */
  expect(policies: number): void {
    if (this.#hold.policies.version !== policies) this.lookAgain()
  }

  lookAgain(): void {
    this.#changed = true
    this.#wake()
  }

  /** The outcome, or null when the policies changed. */
  async next(): Promise<ReviewOutcome | null> {
    while (this.#outcome === null && !this.#changed) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await this.unlessGone(woken)
    }
    this.#changed = false
    return this.#outcome
  }

  stop(): void {
    this.unfollow()
    this.#stopPolicies()
  }
}
