import type { PrincipalId, ReviewId, SessionId, SignInId, TestId, TokenId } from './ids'

/** NOTIFY channel that portals listen on: something changed, read it again. The payload is a topic. */
export const LIVE_CHANNEL = 'sallyport_live'

/** What a page can watch. `session:<id>` says that events of this session were shipped or that it ended. */
export type LiveTopic =
  | 'sessions'
  | `session:${SessionId}`
  | `test:${TestId}`
  | 'connections'
  | 'principals'
  | 'tokens'
  | 'reviews'
  | `review:${ReviewId}`
  | 'policies'
  | 'grants'

/** NOTIFY channel that proxy workers listen on. The payload is one of these as JSON. A missed one is caught by a re-check within 3 s. */
export const CONTROL_CHANNEL = 'sallyport_control'

export type ControlSignal =
  | { kind: 'token-revoked'; tokenId: TokenId }
  | { kind: 'signed-out'; signInId: SignInId }
  | { kind: 'principal-disabled'; principalId: PrincipalId }
  | { kind: 'connection-changed'; connection: string }
  | { kind: 'end-session'; sessionId: SessionId; by: string }
  | { kind: 'run-test'; testId: TestId }
  | { kind: 'review-decided'; reviewId: ReviewId }
  | { kind: 'policies-changed'; version: number }
  | { kind: 'grants-changed' }
  /** In a target's database names may mean something else by now. `place`: where, hashed; `worker`: whoever says so. */
  | { kind: 'names-changed'; place: string; worker: string }
  /** A cancel request reached a worker that does not own the session. `proof` is the key, hashed; the owner knows it by that. */
  | { kind: 'cancel'; processId: number; proof: string }
