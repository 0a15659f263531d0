import type { Limits } from '#lib/domain/limits'
import type { RowEstimate } from '#lib/domain/review'
import type { FactsOf } from '#lib/sql/facts'
import type { Gate } from '#proxy/core/ports'
import type { TransactionStatus } from './codec/backend'
import type { Estimable } from './estimate'
import type { OwnFailure } from './own-exchange'
import type { SessionHolds } from './session-holds'
import { Knowledge } from './session-knowledge'
import { Names } from './session-names'
import { PendingQueue } from './session-pending'
import { SqlNames } from './session-sql-names'
import type { SharedCatalog } from './shared-catalog'

/** What both directions of one session share. Each field says who writes it. */
export interface SessionState {
  readonly gate: Gate
  readonly limits: Limits
  readonly factsOf: FactsOf
  readonly sessionUrl: string | null
  readonly catalog: SharedCatalog
  readonly queue: PendingQueue
  readonly names: Names
  readonly sqlNames: SqlNames
  /** ParameterStatus values of the target. Written by the target's side. */
  readonly parameters: Map<string, string>
  readonly knowledge: Knowledge
  readonly holds: SessionHolds
  /** As the last ReadyForQuery said. Written by the target's side. */
  transaction: TransactionStatus
  /** Why the last question of the gateway's own failed, where its client must be told. Written by the target's side. */
  ownFailure: OwnFailure | null
  /** Number of the client's open segment: 1 before its first Sync. Written by the client's side. */
  segment: number
  /** The last segment of which a message of the client was sent. Written by the client's side. */
  begun: number
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
  /** A part of a name of the gateway's own that nobody guesses. */
  newOwnName(): string
  /** How many rows a held statement would touch, as the target guesses beside the session. */
  estimate(statement: Estimable): Promise<RowEstimate | null>
}

export interface SessionStateInput {
  readonly gate: Gate
  readonly limits: Limits
  /** From `createFactsOf`: one for the process. */
  readonly factsOf: FactsOf
  /** The session's page, shown to a refused client; null when the gateway has no public address. */
  readonly sessionUrl: string | null
  /** What names mean in the target's database: one for all sessions there. */
  readonly catalog: SharedCatalog
  /** ParameterStatus values that the target reported at startup. */
  readonly parameters: ReadonlyMap<string, string>
  readonly holds: SessionHolds
  newOwnName(): string
  estimate(statement: Estimable): Promise<RowEstimate | null>
}

export function sessionState(input: SessionStateInput): SessionState {
  const names = new Names(input.limits)
  const parameters = new Map(input.parameters)
  return {
    gate: input.gate,
    limits: input.limits,
    factsOf: input.factsOf,
    sessionUrl: input.sessionUrl,
    catalog: input.catalog,
    queue: new PendingQueue(),
    names,
    sqlNames: new SqlNames(names, input.limits),
    parameters,
    knowledge: new Knowledge(parameters, input.catalog),
    holds: input.holds,
    transaction: 'I',
    ownFailure: null,
    segment: 1,
    begun: 0,
    skipping: false,
    looseSyncs: 0,
    syncInCopy: false,
    syncOwed: false,
    copyIns: 0,
    touching: 0,
    terminated: false,
    newOwnName: () => input.newOwnName(),
    estimate: (statement) => input.estimate(statement),
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
