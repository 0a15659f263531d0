import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import type { Connection } from '#lib/domain/connection'
import { type Denial, denialText } from '#lib/domain/denial'
import type { EndReason } from '#lib/domain/event'
import { LIMITS } from '#lib/domain/limits'
import type { Principal } from '#lib/domain/principal'
import { AttemptLimit } from '../attempt-limit'
import { SessionRegistry } from '../live-session'
import type { Log } from '../log'
import type { PipelineParts } from '../pipeline'
import type { ClientSocket, Dialled, Gate, Identity, SessionEnd } from '../ports'
import type { Accepted, Protocol } from '../protocol'
import type { RecordedSession, RecordRequest } from '../session-ports'

export const TOKEN = `sp_${'a'.repeat(43)}`

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

const owner: Principal = {
  id: 'pri_00000000000000000001',
  kind: 'person',
  name: 'Olga',
  email: 'olga@example.com',
  ownerId: null,
  groups: [],
}
const agent: Principal = {
  id: 'pri_00000000000000000002',
  kind: 'agent',
  name: 'autogen',
  email: null,
  ownerId: owner.id,
  groups: ['agents'],
}
export const identity: Identity = {
  principal: agent,
  onBehalfOf: owner,
  tokenId: 'tok_00000000000000000001',
  signInId: null,
  runId: null,
  runLabel: null,
  connections: null,
}
export const connection: Connection = {
  id: 'con_00000000000000000001',
  version: 3,
  name: 'shop',
  protocol: 'postgres',
  host: 'db.internal',
  port: 5432,
  tags: { env: 'prod' },
  access: ['agents'],
  settings: { database: 'shop', user: 'app' },
  recording: 'standard',
  hold: 'wait',
  masking: 'protected',
  disabled: false,
}

/** A pipeline of fakes that writes down, in `said`, what was asked of each in which order. */
export function fakePipeline(change: Partial<FakeOptions> = {}) {
  const options: FakeOptions = { identity, connection, now: { ms: 0 }, ...change }
  const said: string[] = []
  const requests: RecordRequest[] = []
  const registry = new SessionRegistry()
  const clock = { now: () => options.now.ms, monotonicMs: () => options.now.ms }
  const parts: PipelineParts = {
    doorway: { enter: () => (options.full ? null : () => void said.push('leave')) },
    identities: { identify: async () => orThrow(options.storeDown, options.identity) },
    connections: {
      find: async (name) => (name === options.connection?.name ? options.connection : null),
      openSecret: async () => null,
    },
    refusals: { record: async ({ denial }) => void said.push(`recorded ${denialText(denial)}`) },
    attempts: new AttemptLimit(clock, LIMITS.authFailuresPerMinute),
    log: silentLog,
    registry,
    recorder: {
      open: async (request) => {
        orThrow(options.recorderDown, null)
        requests.push(request)
        said.push('open')
        return fakeRecorded(said)
      },
    },
    dial: async (_, signal) => {
      said.push('dial')
      await options.dialling?.(registry, signal)
      return { upstream: { destroy: () => void said.push('destroy') }, writer: {} } as unknown as Dialled
    },
    decide: () => () => ({ decision: { effect: 'allow', policy: 'access', reason: '' } }),
    hold: () => null,
    noteUse: () => undefined,
    clock,
    worker: 'wrk_00000000000000000001',
    newSessionId: () => 'ses_00000000000000000001',
    policyVersion: () => 7,
  }
  return { parts, said, requests, registry, protocol: fakeProtocol(said, options), client: fakeClient() }
}

export interface FakeOptions {
  identity: Identity | null
  connection: Connection | null
  now: { ms: number }
  full?: boolean
  storeDown?: Error
  recorderDown?: Error
  claimed?: Partial<Accepted['claim']>
  dialling?: (registry: SessionRegistry, signal: AbortSignal) => Promise<void>
  serving?: (gate: Gate) => Promise<SessionEnd>
}

function orThrow<T>(error: Error | undefined, value: T): T {
  if (error) throw error
  return value
}

function fakeRecorded(said: string[]): RecordedSession {
  const ending = new AbortController()
  let why: Gate['ending'] = null
  const gate = {
    sessionId: 'ses_00000000000000000001',
    signal: ending.signal,
    get ending() {
      return why
    },
  } as unknown as Gate
  return {
    gate,
    attach: () => void said.push('attach'),
    end: (reason: EndReason, denial: Denial) => {
      why ??= { reason, denial }
      ending.abort()
    },
    activity: () => ({ running: false, lastAtMs: 0 }),
    close: async ({ reason, detail }) => void said.push(`close ${reason} ${detail}`),
  }
}

function fakeProtocol(said: string[], options: FakeOptions): Protocol {
  const claim = { token: TOKEN, connection: 'shop', database: null, application: 'psql', ...options.claimed }
  return {
    name: 'postgres',
    capabilities: { hold: false, mask: false, prompt: false },
    accept: async (client) => ({ claim, socket: client.socket }),
    serve: async (_accepted, _access, gate) => {
      said.push('serve')
      return options.serving ? options.serving(gate) : { reason: 'client-closed', detail: 'bye' }
    },
    refuse: async (_, denial) => void said.push(`refuse ${denialText(denial)}`),
    probe: async () => true,
  }
}

function fakeClient(): ClientSocket {
  const stream = new PassThrough()
  const socket = Object.assign(stream, { destroySoon: () => stream.destroy() }) as unknown as Socket
  return { socket, address: '192.0.2.7' }
}
