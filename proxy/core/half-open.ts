import { ipBytes } from '#lib/network/ip-bytes'
import type { Doorway } from './session-ports'

export interface HalfOpenLimits {
  readonly halfOpen: number
  readonly halfOpenPerAddress: number
}

/**
 * Counts clients that have not signed in yet: so many from one address, so many in all. An IPv6 client owns a whole /64, so that
 * counts as its address. What is remembered is bounded by the places given out.
 */
export class HalfOpen implements Doorway {
  readonly #counts = new Map<string, number>()
  readonly #limits: HalfOpenLimits
  #total = 0

  constructor(limits: HalfOpenLimits) {
    this.#limits = limits
  }

  enter(address: string): (() => void) | null {
    const key = keyOf(address)
    const count = this.#counts.get(key) ?? 0
    if (this.#total >= this.#limits.halfOpen || count >= this.#limits.halfOpenPerAddress) return null
    this.#total += 1
    this.#counts.set(key, count + 1)
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#leave(key)
    }
  }

  #leave(key: string): void {
    this.#total -= 1
    const left = (this.#counts.get(key) ?? 1) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }
}

function keyOf(address: string): string {
  const bytes = ipBytes(address)
  return bytes?.length === 16 ? bytes.subarray(0, 8).toString('hex') : address
}
