/** Counts failures per key in a fixed window, in bounded memory. */
export interface AttemptLimit {
  /** True when the key, or everybody together, has failed too often in this window. */
  exceeded(key: string, nowMs: number): boolean
  failed(key: string, nowMs: number): void
}

const MAX_KEYS = 10_000

export function attemptLimit(limits: { perKey: number; inAll: number; windowMs: number }): AttemptLimit {
  const counts = new Map<string, number>()
  let windowStart = Number.NEGATIVE_INFINITY
  let all = 0
  const roll = (nowMs: number) => {
    if (nowMs - windowStart < limits.windowMs && nowMs >= windowStart) return
    windowStart = nowMs
    counts.clear()
    all = 0
  }
  return {
    exceeded(key, nowMs) {
      roll(nowMs)
      return all >= limits.inAll || (counts.get(key) ?? 0) >= limits.perKey
    },
    failed(key, nowMs) {
      roll(nowMs)
      all++
      if (counts.has(key) || counts.size < MAX_KEYS) counts.set(key, (counts.get(key) ?? 0) + 1)
    },
  }
}
