import type { HoldMode } from '#lib/domain/connection'
import type { Approval } from '#lib/domain/event'
import type { ApprovalScope, HoldDemand } from '#lib/domain/hold'
import type { ReviewId, SessionId, TokenId, WorkerId } from '#lib/domain/ids'
import type { Limits } from '#lib/domain/limits'
import type { CloseReason, ReviewSubject, RowEstimate } from '#lib/domain/review'
import type { KnownFacts } from '#lib/domain/sql-facts'

/** What the gate needs to have an operation approved. Implemented over services in `proxy/adapters`, by fakes in tests. */

export interface HoldRequest {
  readonly session: SessionId
  readonly op: number
  readonly token: TokenId
  readonly worker: WorkerId
  readonly mode: HoldMode
  readonly subject: ReviewSubject
  readonly demands: readonly HoldDemand[]
  /** Version of the policy set that demands it. */
  readonly policies: number
  readonly facts: KnownFacts | null
}

interface Approved {
  readonly state: 'approved'
  readonly approvals: readonly Approval[]
  readonly scope: ApprovalScope
}

/** How a review ended, as the store says, by its clock. */
export type ReviewOutcome =
  | Approved
  | { readonly state: 'rejected'; readonly reason: string }
  | { readonly state: 'expired' }
  | { readonly state: 'cancelled'; readonly reason: string }

export interface ReviewPlace {
  readonly review: ReviewId
  /** Where a person looks at it. */
  readonly url: string
}

/** What asking for an approval came to. */
export type HoldAnswer =
  | ({ readonly state: 'pending' } & ReviewPlace)
  /** In `ticket` mode: the same was asked for before, and that review has ended. */
  | ({ readonly state: 'decided'; readonly outcome: ReviewOutcome } & ReviewPlace)
  /** A grant that was given with this earlier review covers it, now. It needs no claim. */
  | ({ readonly state: 'granted'; readonly outcome: Approved } & ReviewPlace)
  /** It was judged by a set of policies that is not the newest. */
  | { readonly state: 'stale' }
  /** It cannot be asked for; words for the client. */
  | { readonly state: 'refused'; readonly reason: string }

/** What is about to run, and what the newest policies demand of it. */
export interface ClaimRequest {
  readonly review: ReviewId
  readonly session: SessionId
  readonly op: number
  readonly worker: WorkerId
  /** SHA-256, in hex, of the subject's canonical JSON. */
  readonly digest: string
  readonly demands: readonly HoldDemand[]
  readonly policies: number
}

export type Claimed = { readonly state: 'claimed' } | { readonly state: 'stale' } | Exclude<ReviewOutcome, Approved>

/** Reviews in the store. Whatever rejects may be asked again: nothing is done twice. */
export interface Holds {
  open(request: HoldRequest): Promise<HoldAnswer>
  /** Calls `tell` once when the review has ended; as `expired` when the store is away for longer than it can be pending. */
  follow(review: ReviewId, tell: (outcome: ReviewOutcome) => void): () => void
  /** Uses the approval up for this one operation: of a review at most one claim succeeds, ever, and the same one again. */
  claim(request: ClaimRequest): Promise<Claimed>
  /** Cancels the review, unless it has ended; resolves to how it has. */
  cancel(review: ReviewId, why: CloseReason): Promise<ReviewOutcome>
  /** Like `cancel`, for one that nobody waits for any more; is tried until the store has it. */
  abandon(review: ReviewId, why: CloseReason): void
  noteEstimate(review: ReviewId, estimate: RowEstimate): Promise<void>
  /** Resolves when it is time to ask again what the store did not answer. */
  pause(): Promise<void>
}

/** The policies in force on this worker. */
export interface PolicyFeed {
  /** Version of the set in force. */
  readonly version: number
  /** Makes sure that it is the newest. Rejects when the store does not say. */
  refresh(): Promise<void>
  /** Calls back whenever another set is in force. */
  onChange(listener: () => void): () => void
}

/** How operations of one session are held. */
export interface SessionHold {
  readonly mode: HoldMode
  readonly holds: Holds
  readonly policies: PolicyFeed
  readonly limits: Pick<Limits, 'approvableBytes' | 'reviewMs'>
}
