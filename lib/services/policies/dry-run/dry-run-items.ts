import { z } from 'zod'
import type { PolicySet } from '../../../domain/policy'
import { isoTime } from '../../timestamps'

/** What is to be judged by which policies. Plain data: it goes to another thread. */
export interface DryRunRequest {
  readonly set: PolicySet
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  /** Name of the only connection; null: all. */
  readonly connection: string | null
  /** How long a review may wait: the identical statement joins it. */
  readonly reviewMs: number
}

/** Who waits for a dry run. */
export interface DryRunWatch {
  /** Ends it: nobody waits any more. */
  readonly signal?: AbortSignal
  /** Told now and then how many statements have been judged. */
  onJudged?(judged: number): void
}

const effect = z.enum(['allow', 'deny', 'hold'])
const count = z.number().int()

const dryRunGroup = z.object({
  principal: z.object({ id: z.string(), name: z.string(), kind: z.enum(['person', 'agent', 'service']) }),
  connection: z.string(),
  effect,
  /** The policies that made it; empty when none permits it. */
  policies: z.array(z.string()),
  statements: count,
  /** How many of them were decided otherwise when they were recorded. */
  changed: count,
  samples: z.array(
    z.object({
      sessionId: z.string(),
      op: z.number().int(),
      at: isoTime,
      text: z.string(),
      encoding: z.enum(['utf8', 'base64']),
      /** As it was decided then. */
      before: effect,
    }),
  ),
})
export type DryRunGroup = z.infer<typeof dryRunGroup>

export const dryRunResult = z.object({
  setVersion: z.number().int(),
  from: isoTime,
  to: isoTime,
  sessions: count,
  /** Recorded statements that were judged, and those that were not because their facts were not recorded. */
  judged: count,
  notJudged: count,
  /** False: time was up before all were judged. */
  complete: z.boolean(),
  tookMs: z.number(),
  effects: z.object({ allow: count, deny: count, hold: count }),
  /** Where the decision would be another one than was recorded: `from` then, `to` now. */
  changes: z.array(z.object({ from: effect, to: effect, statements: count })),
  /** Votes of people a day, when identical statements within the life of a review count as one. */
  approvalsPerDay: z.number(),
  /** By policy and effect, most first. */
  policies: z.array(z.object({ policy: z.string(), effect, statements: count })),
  /** Denied and held ones and those decided otherwise first, most first; at most 200. */
  groups: z.array(dryRunGroup),
})
export type DryRunResult = z.infer<typeof dryRunResult>
export type Effect = z.infer<typeof effect>
