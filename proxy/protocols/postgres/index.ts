import { createHash, randomBytes } from 'node:crypto'
import type { SecureContext } from 'node:tls'
import { type Clock, systemClock } from '#lib/domain/clock'
import { postgresSettings } from '#lib/domain/connection'
import { type Denial, denialText } from '#lib/domain/denial'
import type { ConnectionId, SessionId } from '#lib/domain/ids'
import type { Limits } from '#lib/domain/limits'
import type { Catalog } from '#lib/sql/catalog'
import type { FactsOf } from '#lib/sql/facts'
import type { Log } from '#proxy/core/log'
import type { Authorized, Gate, SessionEnd, SignalPort, Upstream } from '#proxy/core/ports'
import type { Protocol } from '#proxy/core/protocol'
import type { OpenSide } from '#proxy/core/side'
import { type StartTimer, systemTimer } from '#proxy/core/timer'
import { CancelKeys, type IssuedKey } from './cancel'
import { cancelAtTarget } from './cancel-target'
import { readSnapshot } from './catalog-read'
import { type CatalogAddress, Catalogs } from './catalogs'
import { errorResponse } from './codec/encode'
import { estimateRows } from './estimate'
import { acceptClient, type PostgresAccepted } from './handshake'
import { AUTH, authentication, backendKeyData, parameterStatus, readyForQuery } from './handshake-messages'
import { sendLast } from './handshake-words'
import { NamesNews } from './names-news'
import { probeTarget } from './probe'
import { endingResponse } from './refusal'
import { runSession } from './session'
import { SessionHolds } from './session-holds'
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
  /** Keeps a new snapshot of a target's catalog for whoever explains. Fails on its own. */
  keepSnapshot(snapshot: KeptSnapshot): void
  readonly log: Log
  readonly limits: Limits
  readonly clock?: Clock
  readonly startTimer?: StartTimer
}

interface KeptSnapshot {
  readonly connectionId: ConnectionId
  readonly connectionVersion: number
  readonly database: string
  /** As the target gave them; see `lib/sql/catalog`. */
  readonly items: readonly string[]
}

/** The PostgreSQL protocol. One for the process: it listens to the cancel requests that other workers forward. */
export async function createPostgres(parts: PostgresParts): Promise<Protocol<PostgresAccepted>> {
  const { log } = parts
  const clock = parts.clock ?? systemClock
  const startTimer = parts.startTimer ?? systemTimer
  const news = new NamesNews({ signals: parts.signals, startTimer, log, self: randomBytes(8).toString('hex') })
  const catalogs = new Catalogs({ clock, startTimer, log, tell: (place) => news.tell(place) })
  const context: Context = {
    ...parts,
    startTimer,
    cancels: new CancelKeys(parts.signals, clock, log),
    catalogs,
  }
  await context.cancels.listen()
  await news.listen((place) => catalogs.namesChanged(place))
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
  readonly startTimer: StartTimer
  readonly cancels: CancelKeys
  readonly catalogs: Catalogs
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
      catalog: context.catalogs.open(catalogOf(access), (before) => fetchCatalog(context, meeting, before)),
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

/** Whose snapshot a session uses, and where a change of names is one for all who are there. */
function catalogOf(access: Authorized): CatalogAddress {
  const { id, version, host, port } = access.connection
  const database = access.database ?? settingsOf(access).database
  const server = JSON.stringify([host, port])
  const place = createHash('sha256')
    .update(JSON.stringify([server, database]))
    .digest('base64url')
  return { key: JSON.stringify([id, version, database]), place, server }
}

async function fetchCatalog(context: Context, meeting: Meeting, before: Catalog | null): Promise<Catalog | null> {
  const { access, gate } = meeting
  try {
    const { catalog, items } = await readSnapshot(sideParts(context, meeting), before)
    if (catalog === before) return before
    const { id: connectionId, version: connectionVersion } = access.connection
    const database = access.database ?? settingsOf(access).database
    context.keepSnapshot({ connectionId, connectionVersion, database, items })
    return catalog
  } catch (error) {
    if (gate.signal.aborted) return null
    throw error
  }
}
