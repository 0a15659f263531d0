import { denialText } from '#lib/domain/denial'
import { type RefusalContext, recordRefusal } from '#lib/services/gateway/record-refusal'
import type { Refusal, RefusalPort } from '../core/admission'
import type { Log } from '../core/log'

const MERGE_MS = 60_000
/** Bounds memory when a principal tries many names. */
const MAX_KEYS = 1_000

/**
 * Refused connects in the audit trail: the first at once, repetitions of the same one within a minute as a count on the next entry,
 * so that a looping agent cannot flood the trail. Never rejects: the client is refused either way.
 */
export class AuditedRefusals implements RefusalPort {
  readonly #recent = new Map<string, { atMs: number; repeated: number }>()
  readonly #ctx: RefusalContext
  readonly #log: Log

  constructor(ctx: RefusalContext, log: Log) {
    this.#ctx = ctx
    this.#log = log
  }

  async record(refusal: Refusal): Promise<void> {
    const { identity, claim, connection, clientAddress, denial } = refusal
    if (denial.kind === 'unavailable') return
    const times = this.#count(`${identity.tokenId} ${clientAddress} ${claim.connection}`)
    if (times === 0) return
    const asked = claim.connection.slice(0, 63)
    try {
      await recordRefusal(this.#ctx, {
        principal: identity.principal,
        tokenId: identity.tokenId,
        runId: identity.runId,
        target: { id: connection?.id ?? asked, name: connection?.name ?? asked },
        reason: denialText(denial),
        clientAddress,
        times,
      })
    } catch (error) {
      this.#log.error({ error, token: identity.tokenId }, 'a refused connect could not be recorded')
    }
  }

  /** How many this one stands for; 0 while the last entry is fresh. */
  #count(key: string): number {
    const now = this.#ctx.clock.monotonicMs()
    const last = this.#recent.get(key)
    if (last && now - last.atMs < MERGE_MS) {
      last.repeated += 1
      return 0
    }
    this.#recent.delete(key)
    this.#recent.set(key, { atMs: now, repeated: 0 })
    const [oldest] = this.#recent.keys()
    if (this.#recent.size > MAX_KEYS && oldest !== undefined) this.#recent.delete(oldest)
    return 1 + (last?.repeated ?? 0)
  }
}
