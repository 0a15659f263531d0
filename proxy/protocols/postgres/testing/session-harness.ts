import type { Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { LIMITS, type Limits } from '#lib/domain/limits'
import type { Classify } from '#lib/sql/classify'
import type { TouchedNames } from '#lib/sql/touched-names'
import type { SessionEnd, Upstream } from '#proxy/core/ports'
import { runSession } from '../session'
import { FakeGate } from './fake-gate'
import { FakeTarget } from './fake-target'
import { Peer } from './peer'

/** `prepare NAME`, `deallocate NAME`, `declare NAME` touch that name. */
function touched(text: string): TouchedNames | null {
  const [, verb, name = ''] = /^(prepare|deallocate|declare) (\w+)/.exec(text) ?? []
  if (verb === undefined) return null
  return verb === 'declare' ? { statements: [], portals: [name] } : { statements: [name], portals: [] }
}

/** A classifier for tests: `select` reads, everything else writes; statements are what semicolons part. */
const classify: Classify = (text) => ({
  touches: touched(text),
  effect: /^select[^;]*;?$/i.test(text) ? 'read' : 'write',
  statements: text.split(';').filter((part) => part.trim() !== '').length,
  parsed: true,
})

export interface Harness {
  readonly client: Peer
  readonly server: FakeTarget
  readonly gate: FakeGate
  readonly end: Promise<SessionEnd>
  /** Whether the session has paused reading from the target. */
  readonly upstream: { paused: boolean }
  /** The gateway's end of the client's connection. */
  readonly socket: Duplex
}

export interface HarnessInput {
  readonly limits?: Partial<Limits>
  readonly clientHead?: Buffer
  readonly upstreamHead?: Buffer
  readonly parameters?: ReadonlyMap<string, string>
}

/** A session between a client and a target that the test plays, over pairs of streams. */
export function startSession(input: HarnessInput = {}): Harness {
  const [clientSide, clientEnd] = duplexPair()
  const [targetSide, targetEnd] = duplexPair()
  const gate = new FakeGate(targetSide, clientSide)
  const upstreamState = { paused: false }
  const upstream = upstreamOver(targetSide, upstreamState)
  const end = runSession({
    client: clientSide as unknown as Socket,
    clientHead: input.clientHead ?? Buffer.alloc(0),
    upstream,
    upstreamHead: input.upstreamHead ?? Buffer.alloc(0),
    gate,
    parameters: input.parameters ?? new Map([['client_encoding', 'UTF8']]),
    limits: { ...LIMITS, ...input.limits },
    classify,
    sessionUrl: 'https://gateway.test/sessions/1',
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
