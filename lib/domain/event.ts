import type { HoldMode } from './connection'
import type { ApprovalScope, HoldDemand } from './hold'
import type { ConnectionId, PrincipalId, ReviewId, RunId, SessionId, TokenId, WorkerId } from './ids'
import type { PolicyAlert } from './policy'
import type { SqlFacts } from './sql-facts'

/**
 * Events of one session, in order. Each is one line of JSON with its keys in code point order (RFC 8785), no line end, and is
 * hashed in exactly that form: h(0) = SHA-256(32 zero bytes ‖ line 0), h(n) = SHA-256(h(n-1) ‖ line n). See `chain`.
 * `at` is in milliseconds since 1970, `seq` counts from 0 without gaps, `op` counts the session's operations from 1.
 */
interface Base {
  readonly v: 1
  readonly at: number
  readonly seq: number
}

/** The session header: first event of every session, on disk before anything is dialled. */
export interface SessionOpened extends Base {
  readonly kind: 'session.open'
  readonly session: SessionId
  readonly protocol: string
  readonly principal: { id: PrincipalId; kind: string; name: string; groups: readonly string[] }
  /** The human behind an agent or service; for a person the person. */
  readonly onBehalfOf: { id: PrincipalId; name: string }
  readonly token: TokenId
  readonly run: RunId | null
  readonly connection: { id: ConnectionId; name: string; version: number }
  readonly target: { host: string; port: number; user: string; database: string }
  readonly client: { address: string; application: string }
  readonly worker: WorkerId
  readonly policy: string
}

export const OPERATION_TYPES = ['query', 'prepare', 'bind', 'execute', 'function-call'] as const
export type OperationType = (typeof OPERATION_TYPES)[number]

/**
 * A bound value: text as it was sent, binary as base64, or null. A long one stands in the `in` stream, at bytes [from, to);
 * `format` then says how it was sent.
 */
export type BoundValue =
  | { text: string }
  | { base64: string }
  | { format: 'text' | 'binary'; in: readonly [number, number]; sha256: string }
  | null

export interface Decision {
  readonly effect: 'allow' | 'deny' | 'hold'
  /** Ids of the policies that made it, joined by a comma and a space. */
  readonly policy: string
  readonly reason: string
}

/** Durable before a byte of the command goes to the target. */
export interface OperationIntended extends Base {
  readonly kind: 'operation.intent'
  readonly op: number
  readonly type: OperationType
  /** The exact text; base64 of the exact bytes where they are not valid UTF-8. */
  readonly text: string
  readonly encoding?: 'base64'
  /** Prepared statement and portal, where the protocol names them ('' is the unnamed one). */
  readonly statement?: string
  readonly portal?: string
  readonly binds?: readonly BoundValue[]
  /** Row limit of an Execute; 0 or absent: none. */
  readonly maxRows?: number
  /** Result format codes of the bind, as sent. */
  readonly formats?: readonly number[]
  /** `read`: known to only read. `write`: anything else. */
  readonly effect: 'read' | 'write'
  /** The operation that it goes on with: whoever approved that approved this. */
  readonly continues?: number
  /** The gateway itself asks, for what it must know to judge; no policy is asked. */
  readonly own?: true
  readonly decision: Decision
  /** Version of the policy set that was asked; absent where none was. */
  readonly policies?: number
  readonly alerts?: readonly PolicyAlert[]
  /** What was known of the statement. */
  readonly facts?: SqlFacts
}

/** The intent was held: a review of it is open. Recorded before the client is told. */
export interface OperationHeld extends Base {
  readonly kind: 'operation.held'
  readonly op: number
  readonly review: ReviewId
  /** SHA-256, in hex, of all that an approval is bound to (`ReviewSubject`). */
  readonly digest: string
  /** `wait`: the client waits for the outcome. `ticket`: it was told to send the same again once it is approved. */
  readonly mode: HoldMode
  readonly demands: readonly HoldDemand[]
}

export interface Approval {
  readonly principal: { readonly id: PrincipalId; readonly name: string }
  /** The groups whose demands it counts for. */
  readonly groups: readonly string[]
}

/**
 * The last word on a held operation, or on one review of it. Where `decision` allows, it is durable before a byte of the operation goes
 * to the target; an approval (of scope `once`) was then used up for it.
 */
export interface OperationReviewed extends Base {
  readonly kind: 'operation.reviewed'
  readonly op: number
  /** null: nobody was asked, because that could not be, or because the policies changed first. */
  readonly review: ReviewId | null
  /** How the review ended. */
  readonly outcome: 'approved' | 'rejected' | 'expired' | 'cancelled' | null
  readonly approvals: readonly Approval[]
  /** Of an approved one. */
  readonly scope?: ApprovalScope
  /** Why it was rejected or cancelled. */
  readonly reason?: string
  /** Of the policies with these approvals or, changed meanwhile, without any; of whoever rejected; of time. */
  readonly decision: Decision
  /** Version of the policy set that was asked for it; absent where none was. */
  readonly policies?: number
  /** From the hold to this. */
  readonly waitedMs: number
}

export type OperationStatus = 'ok' | 'error' | 'suspended' | 'refused' | 'skipped' | 'cancelled' | 'unknown'

/** What one statement of the operation came to. */
export interface StatementOutcome {
  /** Command tag, such as `SELECT 3`; empty for an empty query. */
  readonly tag: string
  readonly rows: number
}

export interface OperationSettled extends Base {
  readonly kind: 'operation.outcome'
  readonly op: number
  readonly status: OperationStatus
  readonly durationUs: number
  readonly rows: number
  readonly statements: readonly StatementOutcome[]
  readonly error?: { code: string; severity: string; message: string }
  /** Bytes [from, to) of the session's `out` stream: what the client saw for this operation. */
  readonly out: readonly [number, number]
  /** SHA-256, in hex, of those bytes. */
  readonly outSha256: string
  /** Bytes [from, to) of the `in` stream that belong to it (COPY data), where there are any, and their SHA-256. */
  readonly in?: readonly [number, number]
  readonly inSha256?: string
  /** Where in the `out` stream the RowDescription that lays out these rows starts, when it is not in `out` itself. */
  readonly layoutAt?: number
  /** The session's recording limit was reached: of `out` and `in`, bytes are missing from the store, their hashes are of all. */
  readonly cut?: true
}

export const END_REASONS = [
  'client-closed',
  'client-lost',
  'target-closed',
  'target-unreachable',
  'protocol-violation',
  'ended-by-person',
  'access-revoked',
  'idle',
  'too-long',
  'gateway-stopped',
  'gateway-crashed',
  'recording-unavailable',
  'limit-exceeded',
  'refused',
  'error',
] as const
export type EndReason = (typeof END_REASONS)[number]

export interface SessionClosed extends Base {
  readonly kind: 'session.close'
  readonly reason: EndReason
  /** One sentence for people, no internals. */
  readonly detail: string
  readonly operations: number
  readonly out: number
  readonly in: number
}

export type SessionEvent =
  | SessionOpened
  | OperationIntended
  | OperationHeld
  | OperationReviewed
  | OperationSettled
  | SessionClosed
export type SessionEventKind = SessionEvent['kind']

/** The two recorded byte streams of a session, as the client saw and sent them. Offsets count from 0 over the whole session. */
export type StreamName = 'out' | 'in'
