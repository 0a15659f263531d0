import type { CloseReason } from '#lib/domain/review'
import type { HoldNotice, Ruling } from '#proxy/core/ports'
import { heldNotice } from './refusal'

/** The part of the gate that holds. */
export interface HoldGate {
  withdraw(why: CloseReason): void
}

/** What of a session waits for people, as its two directions and cancel requests see it. */
export class SessionHolds {
  readonly #gate: HoldGate
  #say: (message: Buffer) => void = () => undefined
  #deciding = false
  #told = false
  #cancelled = false

  constructor(gate: HoldGate) {
    this.#gate = gate
  }

  /** `say` gives a message of our own to the client, between two of the target's. */
  connect(say: (message: Buffer) => void): void {
    this.#say = say
  }

  /** The client knows that it waits for people. */
  get waiting(): boolean {
    return this.#deciding && this.#told
  }

  /** For `gate.decide`. */
  readonly held = (notice: HoldNotice): void => {
    this.#told = true
    this.#say(heldNotice(notice))
  }

  /** Follows a ruling that is awaited. Resolves with it, and whether the client took its command back meanwhile. */
  async follow(ruling: Promise<Ruling>): Promise<{ readonly ruling: Ruling; readonly cancelled: boolean }> {
    this.#deciding = true
    try {
      const given = await ruling
      return { ruling: given, cancelled: this.#cancelled }
    } finally {
      this.#deciding = false
      this.#told = false
      this.#cancelled = false
    }
  }

  /** A cancel request of the client. True when it was meant for what waits here: nothing of that is at the target. */
  cancel(): boolean {
    if (!this.#deciding) return false
    this.#cancelled = true
    this.#gate.withdraw('by-requester')
    return this.#told
  }

  /** The client is gone, or sends no more. */
  leave(): void {
    if (this.#deciding) this.#gate.withdraw('client-gone')
  }
}
