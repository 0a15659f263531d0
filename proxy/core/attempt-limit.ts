import { createHash } from 'node:crypto'
import type { Clock } from '#lib/domain/clock'

const WINDOW_MS = 60_000
/** Bounds memory under a flood: the oldest windows go first. */
const MAX_WINDOWS = 10_000

interface Window {
  readonly startedAtMs: number
  failures: number
}

/**
 * Failed attempts to sign in, counted per address and per (address, credential) for one minute. Nobody learns a credential by
 * trying, and one that keeps failing costs the store nothing; a valid one is never locked out by its neighbours.
 */
export class AttemptLimit {
  readonly #windows = new Map<string, Window>()
  readonly #clock: Clock
  readonly #max: number

  constructor(clock: Clock, max: number) {
    this.#clock = clock
    this.#max = max
  }

  /** True when this very credential has used up its attempts from this address. */
  exhausted(address: string, credential: string): boolean {
    const window = this.#windows.get(keyOf(address, credential))
    return window !== undefined && this.#live(window) && window.failures >= this.#max
  }

  /** Counts a failure. True when the address has now failed more often than it may. */
  failed(address: string, credential: string): boolean {
    this.#count(keyOf(address, credential))
    return this.#count(address) > this.#max
  }

  #count(key: string): number {
    const known = this.#windows.get(key)
    const window = known && this.#live(known) ? known : { startedAtMs: this.#clock.monotonicMs(), failures: 0 }
    window.failures += 1
    if (window !== known) this.#remember(key, window)
    return window.failures
  }

  #remember(key: string, window: Window): void {
    this.#windows.delete(key)
    this.#windows.set(key, window)
    for (const [oldest, other] of this.#windows) {
      if (this.#live(other) && this.#windows.size <= MAX_WINDOWS) break
      this.#windows.delete(oldest)
    }
  }

  #live(window: Window): boolean {
    return this.#clock.monotonicMs() - window.startedAtMs < WINDOW_MS
  }
}

function keyOf(address: string, credential: string): string {
  return `${address} ${createHash('sha256').update(credential).digest('base64')}`
}
