import type { Socket } from 'node:net'
import type { Clock } from '#lib/domain/clock'
import { type Denial, denialText } from '#lib/domain/denial'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import { type AdmissionParts, identify, permit } from './admission'
import { denialOf, endOf } from './errors'
import type { SessionHold } from './hold-ports'
import type { SessionRegistry } from './live-session'
import type { Authorized, ClientSocket, Decide, SessionEnd, SessionHeader } from './ports'
import type { Accepted, Protocol } from './protocol'
import { authorized } from './reach'
import { sessionHeader } from './session-header'
import type { Dial, Doorway, RecordedSession, SessionRecorder } from './session-ports'

export interface PipelineParts extends AdmissionParts {
  readonly doorway: Doorway
  readonly registry: SessionRegistry
  readonly recorder: SessionRecorder
  readonly dial: Dial
  readonly decide: (access: Authorized, header: SessionHeader) => Decide
  /** How what `decide` holds is approved. */
  readonly hold: (access: Authorized) => SessionHold | null
  /** Notes, on the side, that a session was opened. */
  noteUse(access: Authorized): void
  readonly clock: Clock
  readonly worker: WorkerId
  newSessionId(): SessionId
  policyVersion(): number
}

/** How long a client may take to read its last bytes before its socket is closed over its head. */
const LAST_WORDS_MS = 5_000
const STOPPING: Denial = { kind: 'unavailable', reason: 'the gateway is being restarted; connect again in a moment' }

/**
 * The life of one connection: identify → authorize → serve → close. Resolves when it is over; never rejects, so that one client
 * can only end its own session.
 */
export async function serveClient(parts: PipelineParts, protocol: Protocol, client: ClientSocket): Promise<void> {
  let accepted: Accepted | null = null
  try {
    const leave = parts.doorway.enter(client.address)
    if (!leave) return
    let admitted: Admitted
    try {
      accepted = await protocol.accept(client)
      if (!accepted) return
      admitted = await admit(parts, accepted, client)
    } finally {
      leave()
    }
    if ('denial' in admitted) await protocol.refuse(accepted, admitted.denial)
    else await runSession(parts, protocol, accepted, admitted.access, client)
  } catch (error) {
    parts.log.warn({ error, protocol: protocol.name, address: client.address }, 'a client was dropped')
  } finally {
    hangUp(accepted?.socket ?? client.socket, client.socket)
  }
}

type Admitted = { readonly access: Authorized } | { readonly denial: Denial }

/** Who it is and whether it may. Nothing has been dialled yet, and nothing is unless this gives an `Authorized`. */
async function admit(parts: PipelineParts, { claim }: Accepted, client: ClientSocket): Promise<Admitted> {
  if (!parts.registry.open) return { denial: STOPPING }
  const known = await identify(parts, claim, client.address)
  if ('denial' in known) return known
  const { identity } = known
  const permitted = await permit(parts, identity, claim)
  if (!('denial' in permitted)) return { access: authorized(parts.connections, identity, claim, permitted.connection) }
  const { connection, denial } = permitted
  await parts.refusals.record({ identity, claim, connection, clientAddress: client.address, denial })
  return { denial }
}

/** Opens the record, then dials, then serves; whatever happens, the record gets its end. */
async function runSession(
  parts: PipelineParts,
  protocol: Protocol,
  accepted: Accepted,
  access: Authorized,
  client: ClientSocket,
): Promise<void> {
  const header = sessionHeader(parts, protocol, accepted, access, client)
  let recorded: RecordedSession
  try {
    recorded = await parts.recorder.open({
      header,
      recording: access.connection.recording,
      client: accepted.socket,
      decide: parts.decide(access, header),
      hold: protocol.capabilities.hold ? parts.hold(access) : null,
    })
  } catch (error) {
    parts.log.warn({ error: String(error) }, 'a session could not be recorded and was not started')
    return await protocol.refuse(accepted, denialOf(error))
  }
  let end: SessionEnd | null = null
  try {
    enlist(parts, header.session, access, recorded)
    parts.noteUse(access)
    end = await connectAndServe(parts, protocol, accepted, access, recorded)
  } catch (error) {
    end = endOf(error)
    parts.log.warn({ session: header.session, error: String(error) }, 'a session ended with an error')
  } finally {
    parts.registry.remove(header.session)
    await recorded.close(end ?? { reason: 'error', detail: 'the session did not say how it ended' })
  }
}

function enlist(parts: PipelineParts, id: SessionId, access: Authorized, recorded: RecordedSession): void {
  parts.registry.add({
    id,
    access,
    startedAtMs: parts.clock.monotonicMs(),
    end: (reason, denial) => recorded.end(reason, denial),
    activity: () => recorded.activity(),
  })
  if (!parts.registry.open) recorded.end('gateway-stopped', STOPPING)
}

async function connectAndServe(
  parts: PipelineParts,
  protocol: Protocol,
  accepted: Accepted,
  access: Authorized,
  recorded: RecordedSession,
): Promise<SessionEnd> {
  const { gate } = recorded
  let dialled: Awaited<ReturnType<Dial>>
  try {
    dialled = await parts.dial(access, gate.signal)
  } catch (error) {
    const denial = gate.ending?.denial ?? denialOf(error)
    await protocol.refuse(accepted, denial)
    return gate.ending ? { reason: gate.ending.reason, detail: denialText(gate.ending.denial) } : endOf(error)
  }
  try {
    recorded.attach(dialled.writer)
    return await protocol.serve(accepted, access, gate, dialled.upstream)
  } finally {
    dialled.upstream.destroy()
  }
}

/** Closes after what was written has been read; a client that does not read is cut off. */
function hangUp(stream: Socket, raw: Socket): void {
  if (stream.destroyed && raw.destroyed) return
  stream.destroySoon()
  const timer = setTimeout(() => raw.destroy(), LAST_WORDS_MS)
  raw.once('close', () => clearTimeout(timer))
}
