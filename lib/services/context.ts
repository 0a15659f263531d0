import type { Database } from '../db/client'
import type { Clock } from '../domain/clock'
import { LIMITS, type Limits } from '../domain/limits'
import type { Actor } from '../domain/principal'
import type { DryRunRequest, DryRunResult, DryRunWatch } from './policies/dry-run/dry-run-items'

/**
 * What every service verb gets: `verbEntity({ ctx, input })`. Verbs check permission first, then write, then emit an audit event
 * in the same transaction. What the actor may not see does not exist (`not_found`).
 */
export interface Context {
  readonly db: Database
  readonly actor: Actor
  readonly clock: Clock
  random(length: number): Uint8Array
  /** Keys the fingerprints of secrets; not in the store. Without it every secret that is given counts as changed. */
  readonly fingerprintKey?: Uint8Array | undefined
  /** Does dry runs aside; without it they are done where they are asked for. */
  readonly dryRunner?: DryRunner | undefined
  /** Absent: the defaults. */
  readonly limits?: Limits | undefined
}

/** Judges recorded traffic in a thread of its own. */
export interface DryRunner {
  run(request: DryRunRequest, watch?: DryRunWatch): Promise<DryRunResult>
}

/** The argument of every verb. */
export interface Call<I> {
  readonly ctx: Context
  readonly input: I
}

/** The same context inside a transaction of its store. */
export function inTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  return ctx.db.transaction((tx) => work({ ...ctx, db: tx, random: (length) => ctx.random(length) }))
}

/** The limits in force. */
export function limitsOf(ctx: Pick<Context, 'limits'>): Limits {
  return ctx.limits ?? LIMITS
}

/** What `newId` makes ids from. */
export function idSource(ctx: Pick<Context, 'clock' | 'random'>): {
  now(): number
  random(length: number): Uint8Array
} {
  return { now: () => ctx.clock.now(), random: (length) => ctx.random(length) }
}
