import type { HoldDemand } from './hold'

/** One document of policies as an admin writes it: Cedar text with one or more statements. */
export interface PolicyDocument {
  /** `[a-z0-9-]{1,63}`. */
  readonly name: string
  readonly text: string
}

/** All documents in force. `version` grows with every change and is kept forever. */
export interface PolicySet {
  readonly version: number
  readonly documents: readonly PolicyDocument[]
}

/** What the policies say to one operation. Deny beats hold beats allow. */
export type PolicyVerdict =
  | { readonly effect: 'allow'; readonly policies: readonly string[]; readonly alerts: readonly PolicyAlert[] }
  | {
      readonly effect: 'deny'
      /** Policies that made it so; empty when none permitted it. */
      readonly policies: readonly string[]
      readonly reason: string
      readonly alerts: readonly PolicyAlert[]
    }
  | {
      readonly effect: 'hold'
      readonly demands: readonly [HoldDemand, ...HoldDemand[]]
      readonly alerts: readonly PolicyAlert[]
    }

/** A policy that made the decision carries `@alert("severity")`. */
export interface PolicyAlert {
  readonly policy: string
  readonly severity: 'info' | 'warning' | 'critical'
}
