import type { Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { LIMITS, type Limits } from '#lib/domain/limits'
import type { FactsOf } from '#lib/sql/facts'
import type { SessionEnd, Upstream } from '#proxy/core/ports'
import { runSession } from '../session'
import { SessionHolds } from '../session-holds'
import type { SessionStateInput } from '../session-state'
import type { SharedCatalog } from '../shared-catalog'
import { fakeFacts } from './fake-facts'
import { FakeGate } from './fake-gate'
import { FakeTarget } from './fake-target'
import { NO_CATALOG } from './no-catalog'
import { Peer } from './peer'

export interface Harness {
  readonly client: Peer
  readonly server: FakeTarget
  readonly gate: FakeGate
  readonly end: Promise<SessionEnd>
  /** Whether the session has paused reading from the target. */
  readonly upstream: { paused: boolean }
  /** The gateway's end of the client's connection. */
  readonly socket: Duplex
  readonly holds: SessionHolds
}

export interface HarnessInput {
  readonly limits?: Partial<Limits>
  readonly clientHead?: Buffer
  readonly upstreamHead?: Buffer
  readonly parameters?: ReadonlyMap<string, string>
  readonly factsOf?: FactsOf
  readonly catalog?: SharedCatalog
  readonly estimate?: SessionStateInput['estimate']
}

const PARAMETERS = new Map([
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
  ['session_authorization', 'app'],
])

/** A session between a client and a target that the test plays, over pairs of streams. */
export function startSession(input: HarnessInput = {}): Harness {
  const [clientSide, clientEnd] = duplexPair()
  const [targetSide, targetEnd] = duplexPair()
  const gate = new FakeGate(targetSide, clientSide)
  const upstreamState = { paused: false }
  const upstream = upstreamOver(targetSide, upstreamState)
  const holds = new SessionHolds(gate)
  let ownNames = 0
  const end = runSession({
    client: clientSide as unknown as Socket,
    clientHead: input.clientHead ?? Buffer.alloc(0),
    upstream,
    upstreamHead: input.upstreamHead ?? Buffer.alloc(0),
    gate,
    parameters: input.parameters ?? PARAMETERS,
    limits: { ...LIMITS, ...input.limits },
    factsOf: input.factsOf ?? fakeFacts,
    sessionUrl: 'https://gateway.test/sessions/1',
    catalog: input.catalog ?? NO_CATALOG,
    holds,
    newOwnName: () => String(++ownNames),
    estimate: input.estimate ?? (async () => null),
  })
  // What the pipeline does once a session is over.
  void end.then(() => clientSide.end())
  return {
    client: new Peer(clientEnd),
    server: new FakeTarget(targetEnd),
    gate,
    end,
    upstream: upstreamState,
    socket: clientSide,
    holds,
  }
}

function upstreamOver(stream: Duplex, state: { paused: boolean }): Upstream {
  const unused = () => Promise.reject(new Error('not in this test'))
  return {
    address: 'test',
    read(onData, onEnd) {
      stream.on('data', onData)
      stream.on('end', () => onEnd(null))
    },
    pause() {
      state.paused = true
      stream.pause()
    },
    resume() {
      state.paused = false
      stream.resume()
    },
    startTls: unused,
    reconnect: unused,
    aside: unused,
    destroy: () => {
      stream.end()
    },
  }
}
