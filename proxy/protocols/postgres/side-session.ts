import type { PostgresSettings } from '#lib/domain/connection'
import type { Limits } from '#lib/domain/limits'
import type { Authorized, Gate, Operation } from '#proxy/core/ports'
import type { OpenSide, Side } from '#proxy/core/side'
import type { StartTimer } from '#proxy/core/timer'
import { B, backendFraming, readReadyForQuery } from './codec/backend'
import { readDiagnostics } from './codec/diagnostics'
import { readDataRow } from './codec/rows'
import { violation } from './codec/violation'
import { message } from './handshake-messages'
import { type OwnFailure, type OwnRow, valuesOf } from './own-exchange'
import { signIn } from './upstream'
import { connectionFailure } from './upstream-failure'
import { TargetInbox } from './upstream-inbox'

export interface SideParts {
  readonly access: Authorized
  readonly settings: PostgresSettings
  readonly gate: Gate
  readonly openSide: OpenSide
  readonly limits: Limits
  readonly startTimer: StartTimer
}

export interface SideBounds {
  /** For all of it, from dialling on. */
  readonly withinMs: number
  /** All that the target may answer. */
  readonly mostBytes: number
}

/** Rows of each statement, in order. */
export type SideResults = readonly (readonly OwnRow[])[]

/** The target refused what the gateway asked. */
export class SideRefusal extends Error {
  constructor(readonly failure: OwnFailure) {
    super(`${failure.code}: ${failure.message}`)
  }
}

/**
 * Asks the target on a connection beside the session's own, signed in as it is; each question is an operation of the session, on record
 * before it is sent. Rejects when the target cannot be asked, or takes too long.
 */
export async function askBeside<T>(
  parts: SideParts,
  bounds: SideBounds,
  work: (side: SideSession) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const stopTimer = parts.startTimer(bounds.withinMs, () =>
    late.abort(connectionFailure('the target took too long to answer the gateway')),
  )
  try {
    const side = await parts.openSide(parts.access, parts.gate, late.signal)
    const drop = () => side.upstream.destroy()
    const signal = AbortSignal.any([late.signal, parts.gate.signal])
    signal.addEventListener('abort', drop)
    try {
      return await work(await SideSession.signIn(parts, bounds, side, signal))
    } finally {
      signal.removeEventListener('abort', drop)
      side.upstream.destroy()
    }
  } finally {
    stopTimer()
  }
}

const PARAMETERS = new Map([
  ['application_name', 'sallyport'],
  ['client_encoding', 'UTF8'],
])

export class SideSession {
  private constructor(
    private readonly gate: Gate,
    private readonly side: Side,
    private readonly inbox: TargetInbox,
    private readonly signal: AbortSignal,
    /** As the target reported them at startup. */
    readonly parameters: ReadonlyMap<string, string>,
  ) {}

  static async signIn(parts: SideParts, bounds: SideBounds, side: Side, signal: AbortSignal): Promise<SideSession> {
    const { access, settings, gate, startTimer, limits } = parts
    const target = await signIn({
      ...{ access, settings, startTimer, signal, parameters: PARAMETERS, maxIterations: limits.scramIterations },
      upstream: side.upstream,
      send: (bytes) => side.send(gate.opening, bytes),
    })
    const framing = { ...backendFraming(limits), streams: () => false }
    const inbox = new TargetInbox(side.upstream, framing, target.head, bounds.mostBytes)
    return new SideSession(gate, side, inbox, signal, target.parameters)
  }

  /** Asks one question and reads its answer, up to ReadyForQuery. Rejects with SideRefusal when it is an error. */
  async ask(operation: Operation, bytes: Buffer): Promise<SideResults> {
    const permit = this.gate.own(operation)
    if (permit === null) throw connectionFailure('nothing may be recorded, so nothing is asked')
    let answer: { results: OwnRow[][]; failure: OwnFailure | null } | null = null
    try {
      await this.side.send(permit, bytes)
      answer = await this.#answer()
    } finally {
      const rows = answer?.results.reduce((sum, result) => sum + result.length, 0) ?? 0
      const error = answer?.failure ?? null
      const status = answer === null ? 'unknown' : error === null ? 'ok' : 'error'
      this.gate.settle(permit, { status, rows, statements: [], ...(error && { error }) })
    }
    if (answer.failure !== null) throw new SideRefusal(answer.failure)
    return answer.results
  }

  leave(): Promise<void> {
    return this.side.send(this.gate.opening, message('X'))
  }

  async #answer(): Promise<{ results: OwnRow[][]; failure: OwnFailure | null }> {
    const results: OwnRow[][] = []
    let rows: OwnRow[] = []
    let failure: OwnFailure | null = null
    for (;;) {
      const { type, buffer, start, end } = await this.inbox.next(this.signal)
      switch (type) {
        case B.dataRow:
          readDataRow(buffer, start, end)
          rows.push(valuesOf(buffer, start))
          break
        case B.commandComplete:
        case B.emptyQuery:
          results.push(rows)
          rows = []
          break
        case B.error: {
          const { code, severity, message: words } = readDiagnostics(buffer, start, end)
          failure ??= { code, severity, message: words }
          break
        }
        case B.readyForQuery:
          readReadyForQuery(buffer, start, end)
          return { results, failure }
        case B.copyIn:
        case B.copyOut:
          throw violation('the target answered out of turn')
      }
    }
  }
}
