import type { Limits } from '#lib/domain/limits'
import type { Classify } from '#lib/sql/classify'
import type { Gate } from '#proxy/core/ports'
import { Names } from './session-names'
import { PendingQueue } from './session-pending'

/** What both directions of one session share. Each field says who writes it. */
export interface SessionState {
  readonly gate: Gate
  readonly limits: Limits
  readonly classify: Classify
  readonly sessionUrl: string | null
  readonly queue: PendingQueue
  readonly names: Names
  /** ParameterStatus values of the target. Written by the target's side. */
  readonly parameters: Map<string, string>
  /** Number of the client's open segment: 1 before its first Sync. Written by the client's side. */
  segment: number
  /** What the client sends is dropped until its next Sync, as the target would. Set by either side. */
  skipping: boolean
  /** Syncs that a target read (and ignored) while it copied in, or answered if it had failed by then: it may answer so many. */
  looseSyncs: number
  /** The client sent a Sync while it copied in; it counts if the copy fails. */
  syncInCopy: boolean
  /** That Sync is to be sent now. Set by the target's side, done by the client's. */
  syncOwed: boolean
  /** How often the target began to take COPY data. Written by the target's side. */
  copyIns: number
  /** Operations under way after which names may mean something else: nothing that names one is sent until they are settled. */
  touching: number
  /** The client said Terminate. */
  terminated: boolean
}

export interface SessionStateInput {
  readonly gate: Gate
  readonly limits: Limits
  readonly classify: Classify
  readonly sessionUrl: string | null
  readonly parameters: ReadonlyMap<string, string>
}

export function sessionState(input: SessionStateInput): SessionState {
  return {
    gate: input.gate,
    limits: input.limits,
    classify: input.classify,
    sessionUrl: input.sessionUrl,
    queue: new PendingQueue(),
    names: new Names(input.limits),
    parameters: new Map(input.parameters),
    segment: 1,
    skipping: false,
    looseSyncs: 0,
    syncInCopy: false,
    syncOwed: false,
    copyIns: 0,
    touching: 0,
    terminated: false,
  }
}

/** What a direction tells the session. */
export interface FlowEvents {
  /** The peer of this direction broke the protocol, or something of ours failed: the session is over. */
  fail(error: unknown): void
  /** Stop and start reading from this direction's socket. */
  pause(): void
  resume(): void
}
