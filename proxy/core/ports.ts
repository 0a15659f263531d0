import type { Socket } from 'node:net'
import type { Connection, SecretBinding } from '#lib/domain/connection'
import type { Denial } from '#lib/domain/denial'
import type {
  Decision,
  EndReason,
  OperationSettled,
  OperationType,
  SessionClosed,
  SessionOpened,
} from '#lib/domain/event'
import type { HoldDemand } from '#lib/domain/hold'
import type { ReviewId, RunId, SessionId, SignInId, TokenId } from '#lib/domain/ids'
import type { PolicyAlert } from '#lib/domain/policy'
import type { Principal } from '#lib/domain/principal'
import type { CloseReason, RowEstimate, SessionState } from '#lib/domain/review'
import type { KnownFacts } from '#lib/domain/sql-facts'
import type { KnownRelations } from '#lib/policy/name-space'

/** What the pipeline needs from outside. Implemented over services in `proxy/adapters`, by fakes in tests. */

/** Whoever a presented token names, as the store says right now. */
export interface Identity {
  readonly principal: Principal
  /** The human behind an agent or service; for a person the person. */
  readonly onBehalfOf: Principal
  readonly tokenId: TokenId
  readonly signInId: SignInId | null
  readonly runId: RunId | null
  readonly runLabel: string | null
  /** Connection names the token is bound to; null: all that the principal may use. */
  readonly connections: readonly string[] | null
}

export interface IdentityPort {
  /** The identity behind a token; null when unknown, expired, revoked, or its principal (or its owner) is disabled. */
  identify(token: string): Promise<Identity | null>
}

export interface ConnectionPort {
  /** A live connection by name; null when there is none (or it is deleted). */
  find(name: string): Promise<Connection | null>
  /** Opens one sealed field; null when the connection has none. Throws `secret_unreadable` when the binding does not fit. */
  openSecret(binding: SecretBinding): Promise<Uint8Array | null>
}

/** Messages between workers and portals, through the store. Delivery is at most once: readers re-read state on (re)connect. */
export interface SignalPort {
  publish(channel: string, payload: string): Promise<void>
  subscribe(channel: string, listener: (payload: string) => void): Promise<() => void>
}

/**
 * What a session's recorder hands to the spool. Appended frames survive the death of every process of ours; synced ones power
 * loss; committed ones are in the store.
 */
export type Durability = 'appended' | 'synced' | 'committed'

export type SessionHeader = Omit<SessionOpened, 'v' | 'at' | 'seq' | 'kind'> & {
  readonly signInId: SignInId | null
  readonly tags: Readonly<Record<string, string>>
}

/** An operation as the protocol understands it. Everything a decision and a record need, nothing of the wire. */
export interface Operation {
  readonly type: OperationType
  /** Exact text; base64 when `encoding` says so. */
  readonly text: string
  readonly encoding?: 'base64'
  readonly statement?: string
  readonly portal?: string
  /** Bound values as sent: Uint8Array for binary format, string for text, null for NULL. */
  readonly binds?: readonly (string | Uint8Array | null)[]
  readonly maxRows?: number
  readonly formats?: readonly number[]
  /** `read` only when the statement is known to only read; decides how durable the intent must be before it is sent. */
  readonly effect: 'read' | 'write'
  /** What is known of its text; null where there is nothing to know (`function-call`). */
  readonly facts: KnownFacts | null
  /** What of the target's session gives it its meaning; null where the protocol has no such thing. */
  readonly state: SessionState | null
  /** Which relations its target has beside the server's own; null: not known. */
  readonly relations?: KnownRelations | null
  /** Nothing of it runs yet: a hold is left to the operation that runs it. */
  readonly deferred?: true
  /** An earlier operation of the session that it goes on with: whoever approved that has approved this. */
  readonly continues?: Permit
  /** How many rows it would touch, as the target guesses. Asked for only when it is held, after the review exists. */
  readonly estimate?: () => Promise<RowEstimate | null>
}

declare const permitBrand: unique symbol
/** Proof that an intent was recorded and allowed. Only the gate makes one. */
export interface Permit {
  readonly [permitBrand]: true
  /** Operation number; 0 for the session's own opening permit. */
  readonly op: number
}

export type Ruling =
  | { readonly effect: 'allow'; readonly permit: Permit }
  /** Recorded as refused; the protocol answers the client itself, in its own words. */
  | { readonly effect: 'deny'; readonly denial: Denial }

/**
 * What policy says to an operation; `approvedBy` are the groups that have approved it. `denial` is what the client reads; absent
 * on a deny: `denied` with the decision's words. May answer at once (a cache hit) or later. Throwing or rejecting is a deny.
 */
export type Decide = (operation: Operation, approvedBy?: readonly string[]) => Verdict | Promise<Verdict>
export interface Verdict {
  readonly decision: Decision
  /** Version of the policy set that says so; absent where none was asked. */
  readonly policies?: number
  readonly alerts?: readonly PolicyAlert[]
  /** Who must approve. A hold without demands is a deny. */
  readonly demands?: readonly HoldDemand[]
  readonly denial?: Denial
}

/** What the client of a held operation is told while it waits. */
export interface HoldNotice {
  readonly review: ReviewId
  readonly url: string
}

export type Settlement = Pick<OperationSettled, 'status' | 'rows' | 'statements' | 'error' | 'layoutAt'>

/**
 * A session's only way to a target, to the client and to the record. All calls of one session take effect in call order.
 *
 * Life of an operation: `decide` → `dispatch` → any number of `deliver` → `settle`. A protocol knows policy only through this.
 */
export interface Gate {
  readonly sessionId: SessionId
  /** Aborts when the session must end now: revoked, ended by a person, idle, too long, recording unavailable. */
  readonly signal: AbortSignal
  /** Why `signal` aborted; null before. */
  readonly ending: { readonly reason: EndReason; readonly denial: Denial } | null
  /** For the handshake and for messages that carry no command of their own (Sync, Flush, Terminate). */
  readonly opening: Permit
  /** Where the next delivered byte will stand in the `out` stream. */
  readonly outOffset: number

  /**
   * Judges an operation and appends its intent to the current group. Rulings are given in the order asked for; nothing behind a held
   * operation is judged before it.
   *
   * One that must be approved resolves when it was decided about: `held` is called before that, when its review is in the store and in
   * the record, and again when a change of the policies made it another review. Where the connection's mode is `ticket` it is
   * denied as `pending` instead. Without `held`, or the capability `hold`, what would be held is denied.
   */
  decide(operation: Operation, held?: (notice: HoldNotice) => void): Ruling | Promise<Ruling>
  /**
   * The client gave up what is held, or is gone: its review is closed and its ruling is a denial that says `why`. What waits behind
   * it is judged next. Does nothing when nothing is held. Approved already counts as held until the ruling was given.
   */
  withdraw(why: CloseReason): void
  /** Whether `operation` would be allowed as it is, at this moment. Decides and records nothing. */
  allows(operation: Operation): boolean
  /**
   * Records what the gateway itself asks of the target, to know what it must to judge. No policy is asked and it is in nobody's turn. null
   * when nothing may be sent.
   */
  own(operation: Operation): Permit | null
  /** For what goes another way than by `dispatch`: resolves once its intent survives power loss, rejects when nothing may be sent. */
  recorded(permit: Permit): Promise<void>
  /**
   * Sends `bytes` to the target once the intents of `permits` are as durable as their effect demands. Calls are sent in order.
   * Returns undefined when the session may go on reading at once, else a promise to wait for (back-pressure).
   * `bytes` belong to the gate from here on: never reuse the buffer.
   */
  dispatch(permits: readonly Permit[], bytes: Uint8Array): Promise<void> | undefined
  /** Like dispatch, for data of an operation under way (COPY IN): recorded in the `in` stream before it is sent. */
  stream(permit: Permit, bytes: Uint8Array): Promise<void> | undefined
  /** Records `bytes` in the `out` stream, then gives them to the client. Returns a promise when the reader must wait. */
  deliver(bytes: Uint8Array): Promise<void> | undefined
  /** Records what became of an operation. What was delivered since the last settlement belongs to it. */
  settle(permit: Permit, settlement: Settlement): void
  /**
   * The gateway's own last words to the client once `signal` aborted, when nothing can be recorded or delivered any more:
   * at most 4 KiB in all, never a byte that came from the target. Dropped before `signal` aborts.
   */
  farewell(bytes: Uint8Array): void
}

/** A client that said who it is and where it wants to go, before anything is checked or dialled. */
export interface Claim {
  readonly token: string
  readonly connection: string
  /** Another database of the same server, where the protocol has such a thing. */
  readonly database: string | null
  /** What the client says of itself: a hint, never identity. */
  readonly application: string
}

/** The raw socket of a client and where it comes from. */
export interface ClientSocket {
  readonly socket: Socket
  readonly address: string
}

/** The socket of a target. Reading is everybody's; writing is the gate's alone, so there is no write here. */
export interface Upstream {
  /** The address that was checked and connected to. */
  readonly address: string
  /** Takes over reading: `onData` gets chunks that stay valid, `onEnd` comes once, with the error if there was one. */
  read(onData: (chunk: Buffer) => void, onEnd: (error: Error | null) => void): void
  pause(): void
  resume(): void
  /**
   * Starts TLS on the connection. `verify` says what of the target's certificate is checked (libpq's verify-ca, verify-full).
   * Rejects with `target_refused` when the target's certificate or protocol is not good enough.
   */
  startTls(options: UpstreamTls): Promise<TlsPeer>
  /** Replaces the socket by a fresh one to the same checked address; the writer follows. For fallbacks of TLS modes. */
  reconnect(): Promise<void>
  /** A second connection to the same checked address, able to carry a cancel request and nothing longer. */
  aside(): Promise<Aside>
  destroy(): void
}

/** What TLS with a target came to. */
export interface TlsPeer {
  /** Such as `1.3`. */
  readonly version: string
  /** The target's certificate, DER. */
  readonly certificate: Uint8Array | null
  /** Days until that certificate expires, rounded down. */
  readonly validDays: number | null
}

/** `send` takes 32 bytes in all over its life: enough for a cancel request, too little to sign in and command. */
export interface Aside {
  readonly upstream: Upstream
  send(bytes: Uint8Array): void
}

/** The writing side of a target's socket. The gate alone holds it (for a connection test: the pipeline's `send`). */
export interface UpstreamWriter {
  /** False: the socket is full, wait for `onDrain`. Writes after the end are dropped. */
  write(bytes: Uint8Array): boolean
  /** Sets the one listener for "can be written again". */
  onDrain(listener: () => void): void
  /** Half-closes after everything written. */
  end(): void
}

/** What dialling gives: the reading side goes to the protocol, the writing side to the gate. */
export interface Dialled {
  readonly upstream: Upstream
  readonly writer: UpstreamWriter
}

export interface UpstreamTls {
  readonly serverName: string
  readonly verify: 'none' | 'ca' | 'full'
  readonly ca?: string
  /** PEM; the caller wipes them once TLS is up. */
  readonly clientCert?: Buffer
  readonly clientKey?: Buffer
}

declare const reachBrand: unique symbol
/** Proof that a connection may be dialled. Only `core/reach.ts` makes one, and dialling takes one. */
export interface Reach {
  readonly [reachBrand]: true
  readonly connection: Connection
  readonly database: string | null
  /** Opens a field of the connection's secret. Call it when the target asks, not before; wipe it after use. */
  secret(field: string): Promise<Uint8Array | null>
}

/** Proof that a principal may use a connection now: what a session runs on. A connection test has a `Reach` only. */
export interface Authorized extends Reach {
  readonly identity: Identity
}

export interface ProbeReport {
  step(
    name: 'resolve' | 'connect' | 'tls' | 'authenticate' | 'query',
    state: 'running' | 'passed' | 'failed' | 'skipped',
    detail: string,
  ): void
}

/** What the recorder tells the pipeline when it opens and closes a session. */
export type SessionEnd = Pick<SessionClosed, 'reason' | 'detail'>
