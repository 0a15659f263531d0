import type { BoundValue, OperationType } from './event'
import type { ConnectionId, PrincipalId, RunId } from './ids'
import type { SqlFacts } from './sql-facts'

export const REVIEW_STATES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const
export type ReviewState = (typeof REVIEW_STATES)[number]

/** One demand of a policy: `quorum` different humans of `group` must approve. */
export interface HoldDemand {
  /** The policy's id. */
  readonly policy: string
  /** A group of the identity provider, or `role:approver` for everybody who has that role. */
  readonly group: string
  readonly quorum: number
  /** The policy's `@reason`. */
  readonly reason: string
}

/** What of the target's session gives a statement its meaning. null: not known. */
export interface SessionState {
  /** Schemas in order, as the target resolves them. */
  readonly searchPath: readonly string[] | null
  /** The role in force and the role that signed in. */
  readonly role: string | null
  readonly sessionRole: string | null
}

/** Everything an approval is bound to: its digest is SHA-256 over this in canonical JSON (RFC 8785). */
export interface ReviewSubject {
  readonly v: 1
  readonly principal: PrincipalId
  /** The human behind the principal. */
  readonly human: PrincipalId
  readonly run: RunId | null
  readonly connection: { readonly id: ConnectionId; readonly version: number }
  readonly database: string
  readonly type: OperationType
  readonly text: string
  readonly encoding?: 'base64'
  readonly binds?: readonly BoundValue[]
  readonly formats?: readonly number[]
  readonly maxRows?: number
  readonly state: SessionState
}

/** How far an approval reaches: this once, or a grant for the same shape of statement. */
export type ApprovalScope =
  | { readonly kind: 'once' }
  | { readonly kind: 'run' }
  | { readonly kind: 'minutes'; readonly minutes: number }

/**
 * What a grant covers beside principal, connection version and policies: statements of the same shape. Equal facts and equal
 * fingerprint (the parse tree without its constants).
 */
export interface StatementShape {
  readonly facts: SqlFacts
  readonly fingerprint: string
}
