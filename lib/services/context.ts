import type { Database } from '../db/client'
import type { Clock } from '../domain/clock'
import type { Actor } from '../domain/principal'

/**
 * What every service verb gets: `verbEntity({ ctx, input })`. Verbs check permission first, then write, then emit an audit event
 * in the same transaction. What the actor may not see does not exist (`not_found`).
 */
export interface Context {
  readonly db: Database
  readonly actor: Actor
  readonly clock: Clock
  random(length: number): Uint8Array
}
