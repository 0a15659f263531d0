import type { BoundValue, OperationType } from './event'
import type { ConnectionId, PrincipalId, RunId } from './ids'
import type { SqlFacts } from './sql-facts'

export type { ApprovalScope, HoldDemand } from './hold'

export const REVIEW_STATES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const
export type ReviewState = (typeof REVIEW_STATES)[number]

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

/**
 * What a grant covers beside principal, connection version and policies: statements of the same shape. Equal facts and equal
 * fingerprint (the parse tree without its constants).
 */
export interface StatementShape {
  readonly facts: SqlFacts
  readonly fingerprint: string
}

/** What EXPLAIN thinks that an UPDATE or DELETE touches. */
export interface RowEstimate {
  readonly rows: number
  /** Rows of the relation, as the target's statistics have them. null: not known. */
  readonly of: number | null
}

/** Why a review was closed without anybody's vote. `by-requester`: the human behind it took it back. */
const CLOSE_REASONS = [
  'by-requester',
  'client-gone',
  'session-ended',
  'worker-dead',
  'policy-changed',
  'connection-changed',
] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]

/** The same for whoever reads it. */
export const CLOSE_WORDS: Readonly<Record<CloseReason, string>> = {
  'by-requester': 'it was taken back',
  'client-gone': 'the client went away',
  'session-ended': 'its session ended',
  'worker-dead': 'the gateway worker that held it died',
  'policy-changed': 'the policies changed',
  'connection-changed': 'the connection changed',
}

/** What is told outside about a review. */
const NOTICE_KINDS = [
  'review.opened',
  'review.approved',
  'review.rejected',
  'review.expired',
  'review.cancelled',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]
