import type { Database } from '#lib/db/client'
import type { Clock } from '#lib/domain/clock'
import type { Limits } from '#lib/domain/limits'
import type { PolicyVerdict } from '#lib/domain/policy'
import { type Judge, Policies } from '#lib/policy/policies'
import type { PolicyOperation, PolicySession } from '#lib/policy/request'
import { loadPolicySet, policySetVersion } from '#lib/services/gateway/policy-set'
import type { PolicyFeed } from '../core/hold-ports'
import type { Log } from '../core/log'
import type { Authorized, Decide, SessionHeader, Verdict } from '../core/ports'
import { namesOf, policySession, recordedVerdict } from './policy-request'
import { STORE_ANSWER_MS, within } from './within'

export interface PolicyParts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly limits: Pick<Limits, 'spoolMs'>
}

const UNLOADED: Verdict = {
  decision: { effect: 'deny', policy: 'policies', reason: 'The policies in force are not known.' },
  denial: {
    kind: 'unavailable',
    reason: 'the policies in force are not known to the gateway; an admin must look at it',
  },
}

/**
 * The policies of the store on this worker. A set that cannot be loaded is not replaced by an older one, and one that the store has
 * not confirmed for as long as sessions may go on without it counts no more: until that is mended, every command is refused.
 */
export class StorePolicies implements PolicyFeed {
  readonly #parts: PolicyParts
  readonly #listeners = new Set<() => void>()
  #version = -1
  #policies: Policies | null = null
  #stale = false
  #confirmedMs = 0
  #loading: Promise<void> | null = null

  constructor(parts: PolicyParts) {
    this.#parts = parts
  }

  get version(): number {
    return this.#version
  }

  /** Loads the newest set, unless it is the one in force. Rejects when the store does not say, or the set cannot be loaded. */
  async refresh(): Promise<void> {
    // One that is under way may have read before what this caller knows of.
    await this.#loading?.catch(() => undefined)
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null
    })
    await this.#loading
  }

  /** Does that again and again: never rejects. Meant to be called on a signal and every few seconds. */
  async keepFresh(): Promise<void> {
    try {
      await this.refresh()
    } catch (error) {
      this.#parts.log.warn({ error }, 'the policies in force could not be read')
      const silentMs = this.#parts.clock.monotonicMs() - this.#confirmedMs
      if (silentMs <= this.#parts.limits.spoolMs || this.#stale) return
      this.#stale = true
      this.#parts.log.error(
        { version: this.#version },
        'the policies are too old to be relied on: commands are refused',
      )
      this.#tell()
    }
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What the set in force says to the operations of one session, whichever set that is by then. */
  decide(access: Authorized, header: SessionHeader): Decide {
    const { clock } = this.#parts
    const session = policySession(access, header)
    const recorded = recordedVerdict()
    const names = namesOf()
    let judged: Policies | null = null
    let judge: Judge | null = null
    return (operation, approvedBy = NOBODY) => {
      const { type, facts } = operation
      const policies = this.#policies
      if (policies === null || this.#stale) return UNLOADED
      if (judge === null || judged !== policies) {
        judged = policies
        judge = policies.judge(session)
      }
      const said = judge({ type, facts, approvedBy, now: clock.now(), names: names(operation) })
      return recorded(said, policies.version)
    }
  }

  /** The same for an operation that is in no session here; null while the policies in force are not known. */
  judge(session: PolicySession, operation: PolicyOperation): PolicyVerdict | null {
    const policies = this.#policies
    return policies === null || this.#stale ? null : policies.judge(session)(operation)
  }

  async #load(): Promise<void> {
    const { db, clock } = this.#parts
    const version = await within(STORE_ANSWER_MS, policySetVersion(db))
    if (version !== this.#version || this.#policies === null) await this.#replace()
    this.#confirmedMs = clock.monotonicMs()
    if (!this.#stale) return
    this.#stale = false
    this.#tell()
  }

  async #replace(): Promise<void> {
    const { db, log } = this.#parts
    const set = await within(STORE_ANSWER_MS, loadPolicySet(db))
    const old = this.#policies
    this.#version = set.version
    try {
      this.#policies = new Policies(set)
      log.info({ version: set.version }, 'policies are in force')
    } catch (error) {
      this.#policies = null
      log.error({ error, version: set.version }, 'policies cannot be loaded: every command is refused')
      throw error
    } finally {
      old?.release()
      this.#tell()
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

const NOBODY: readonly string[] = []
