import { randomBytes } from 'node:crypto'
import type { SecureContext } from 'node:tls'
import { type Clock, systemClock } from '#lib/domain/clock'
import { postgresSettings } from '#lib/domain/connection'
import { type Denial, denialText } from '#lib/domain/denial'
import type { SessionId } from '#lib/domain/ids'
import { LIMITS, type Limits } from '#lib/domain/limits'
import type { FactsOf } from '#lib/sql/facts'
import type { Log } from '#proxy/core/log'
import type { Authorized, Gate, SessionEnd, SignalPort, Upstream } from '#proxy/core/ports'
import type { Protocol } from '#proxy/core/protocol'
import type { OpenSide } from '#proxy/core/side'
import { type StartTimer, systemTimer } from '#proxy/core/timer'
import { CancelKeys, type IssuedKey } from './cancel'
import { cancelAtTarget } from './cancel-target'
import { errorResponse } from './codec/encode'
import { estimateRows } from './estimate'
import { acceptClient, type PostgresAccepted } from './handshake'
import { AUTH, authentication, backendKeyData, parameterStatus, readyForQuery } from './handshake-messages'
import { sendLast } from './handshake-words'
import { probeTarget } from './probe'
import { endingResponse } from './refusal'
import { runSession } from './session'
import { SessionHolds } from './session-holds'
import { AS_INSTALLED } from './shared-catalog'
import type { SideParts } from './side-session'
import { type SignedIn, signIn } from './upstream'
import { asTargetFailure } from './upstream-failure'

export interface PostgresParts {
  /** What clients get when they ask for TLS; as it is now. */
  secureContext(): SecureContext
  readonly signals: SignalPort
  /** From `createFactsOf`: one for the process. */
  readonly factsOf: FactsOf
  /** The page of a session, for people; null when the gateway has no public address. */
  sessionUrl(session: SessionId): string | null
  /** Connects beside a session, for questions of the gateway's own. */
  readonly openSide: OpenSide
  readonly log: Log
  readonly limits?: Limits
  readonly clock?: Clock
  readonly startTimer?: StartTimer
}

/** The PostgreSQL protocol. One for the process: it listens to the cancel requests that other workers forward. */
export async function createPostgres(parts: PostgresParts): Promise<Protocol<PostgresAccepted>> {
  const { log } = parts
  const clock = parts.clock ?? systemClock
  const startTimer = parts.startTimer ?? systemTimer
  const context: Context = {
    ...parts,
    startTimer,
    limits: parts.limits ?? LIMITS,
    cancels: new CancelKeys(parts.signals, clock, log),
  }
  await context.cancels.listen()
  const { limits, cancels } = context
  return {
    name: 'postgres',
    capabilities: { hold: true, mask: false, prompt: false },
    accept: (client) =>
      acceptClient(client, {
        secureContext: () => parts.secureContext(),
        cancel: (key) => cancels.cancel(key),
        startTimer,
        limits,
      }),
    serve: (accepted, access, gate, upstream) => serve(context, { accepted, access, gate, upstream }),
    refuse: ({ socket }, denial) => sendLast(socket, refusal(denial), startTimer),
    probe: (access, upstream, send, report) =>
      probeTarget({ access, settings: settingsOf(access), upstream, send, report, startTimer, limits }),
  }
}

interface Context extends PostgresParts {
  readonly limits: Limits
  readonly startTimer: StartTimer
  readonly cancels: CancelKeys
}

interface Meeting {
  readonly accepted: PostgresAccepted
  readonly access: Authorized
  readonly gate: Gate
  readonly upstream: Upstream
}

async function serve(context: Context, meeting: Meeting): Promise<SessionEnd> {
  const { accepted, access, gate, upstream } = meeting
  let target: SignedIn
  try {
    target = await signIn({
      access,
      settings: settingsOf(access),
      upstream,
      send: (bytes) => gate.dispatch([gate.opening], bytes),
      parameters: accepted.settings,
      startTimer: context.startTimer,
      signal: gate.signal,
      maxIterations: context.limits.scramIterations,
    })
  } catch (error) {
    return await turnAway(context, meeting, error)
  }
  const holds = new SessionHolds(gate)
  const issued = issueKey(context, meeting, target, holds)
  try {
    await greet(meeting, target, issued)
    return await runSession({
      client: accepted.socket,
      clientHead: accepted.head,
      upstream,
      upstreamHead: target.head,
      gate,
      parameters: target.parameters,
      limits: context.limits,
      factsOf: context.factsOf,
      sessionUrl: context.sessionUrl(gate.sessionId),
      catalog: AS_INSTALLED,
      holds,
      newOwnName: () => randomBytes(8).toString('hex'),
      estimate: (statement) => estimateRows(sideParts(context, meeting), statement),
    })
  } finally {
    issued?.revoke()
  }
}

function sideParts(context: Context, { access, gate }: Meeting): SideParts {
  const { limits, startTimer, openSide } = context
  return { access, settings: settingsOf(access), gate, openSide, limits, startTimer }
}

/** The target did not take the gateway in, or the session had to end first: the client reads why. */
async function turnAway(context: Context, { gate }: Meeting, error: unknown): Promise<SessionEnd> {
  const url = context.sessionUrl(gate.sessionId)
  if (gate.ending) {
    gate.farewell(endingResponse(gate.ending.denial, url))
    return { reason: gate.ending.reason, detail: denialText(gate.ending.denial) }
  }
  const failure = asTargetFailure(error)
  context.log.warn({ session: gate.sessionId, code: failure.sqlState }, failure.message)
  const words = errorResponse({
    severity: 'FATAL',
    code: failure.sqlState,
    message: denialText({ kind: 'unavailable', reason: failure.message }),
    detail: url === null ? undefined : `Session: ${url}`,
    hint: 'No command was sent. Ask whoever administers this connection to test it in the portal.',
  })
  await gate.deliver(words)
  return { reason: 'target-unreachable', detail: failure.message }
}

function issueKey(
  context: Context,
  { access, upstream }: Meeting,
  target: SignedIn,
  holds: SessionHolds,
): IssuedKey | null {
  const { key } = target
  if (!key) return null
  const { startTimer } = context
  const encrypted = target.tls !== null
  const settings = settingsOf(access)
  return context.cancels.issue(async () => {
    if (!holds.cancel()) await cancelAtTarget({ access, settings, upstream, encrypted, key, startTimer })
  })
}

/** What concerns authentication and the cancel key is never recorded: it goes to the client directly, ahead of the rest. */
async function greet({ accepted, gate }: Meeting, target: SignedIn, issued: IssuedKey | null): Promise<void> {
  const unrecorded = [authentication(AUTH.ok), ...(issued ? [backendKeyData(issued.key)] : [])]
  accepted.socket.write(Buffer.concat(unrecorded))
  const statuses = [...target.parameters].map(([name, value]) => parameterStatus(name, value))
  await gate.deliver(Buffer.concat([...statuses, ...target.notices, readyForQuery('I')]))
}

/** A refusal before there is a session: always the connection's last message. */
function refusal(denial: Denial): Buffer {
  return errorResponse({ severity: 'FATAL', code: refusalCode(denial), message: denialText(denial) })
}

function refusalCode(denial: Denial): string {
  if (denial.kind === 'unavailable') return '57P03'
  if (denial.kind === 'expired') return '57014'
  // What drivers know as a wrong password.
  return denial.kind === 'denied' && denial.policy === 'token' ? '28P01' : '42501'
}

function settingsOf(access: Pick<Authorized, 'connection'>) {
  return postgresSettings.parse(access.connection.settings)
}
