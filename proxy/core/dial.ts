import { lookup } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { type Clock, systemClock } from '#lib/domain/clock'
import { SallyportError } from '#lib/domain/errors'
import { type AddressRules, checkAddresses } from '#lib/network/target-addresses'
import type { Dialled } from './ports'
import { Receiver } from './receive'
import type { Dial, DialReport } from './session-ports'
import { systemTrust, type Trust } from './trust'
import { createUpstream } from './upstream'

const CONNECT_MS = 10_000
const KEEP_ALIVE_MS = 30_000

export interface DialOptions extends Pick<AddressRules, 'allow' | 'own'> {
  readonly clock?: Clock
  readonly connectMs?: number
  /** Every address of a host; the system's resolver unless a test says otherwise. */
  resolve?(host: string): Promise<readonly string[]>
  localAddresses?(): readonly string[]
  readonly trust?: Trust
  readonly receiver?: Receiver
}

/**
 * The only way to a target's socket: resolves its host once, checks every address, connects to a checked one within 10 s.
 * One refused address refuses them all, so that a name cannot lead elsewhere on its second answer.
 */
export function createDial(options: DialOptions): Dial {
  const resolve = options.resolve ?? systemResolve
  const check = checkAddresses({ localAddresses, ...options, resolve })
  const connectMs = options.connectMs ?? CONNECT_MS
  const clock = options.clock ?? systemClock
  const trust = options.trust ?? systemTrust()
  const receiver = options.receiver ?? new Receiver()
  return async (reach, signal, report = () => undefined) => {
    const { host, port } = reach.connection
    const to = (address: string, until: AbortSignal) => connectTo({ address, port, receiver }, connectMs, until)
    const addresses = await resolveChecked(host, port, { resolve, check, report })
    return await follow(report, 'connect', async () => {
      const { socket, address } = await connectFirst(addresses, (address) => to(address, signal), signal)
      const again = () => to(address, signal)
      const dialled: Dialled = createUpstream({ socket, address, connect: again, clock, trust })
      return { value: dialled, detail: `${address} port ${port} accepts connections` }
    })
  }
}

interface Resolving {
  resolve(host: string): Promise<readonly string[]>
  check: ReturnType<typeof checkAddresses>
  report: DialReport
}

async function resolveChecked(host: string, port: number, parts: Resolving): Promise<readonly string[]> {
  return await follow(parts.report, 'resolve', async () => {
    const addresses = await parts.resolve(host).catch((cause) => {
      throw new SallyportError('target_unreachable', "the target's host name cannot be resolved", { cause })
    })
    if (addresses.length === 0) throw new SallyportError('target_unreachable', "the target's host name has no address")
    for (const address of addresses) {
      const reason = await parts.check(address, port)
      if (reason) throw new SallyportError('target_address_refused', `the target may not be dialled: ${reason}`)
    }
    return { value: addresses, detail: addresses.join(', ') }
  })
}

async function follow<T>(
  report: DialReport,
  step: 'resolve' | 'connect',
  work: () => Promise<{ value: T; detail: string }>,
): Promise<T> {
  report(step, 'running', '')
  try {
    const { value, detail } = await work()
    report(step, 'passed', detail)
    return value
  } catch (error) {
    report(step, 'failed', error instanceof SallyportError ? error.message : 'failed unexpectedly')
    throw error
  }
}

async function connectFirst(
  addresses: readonly string[],
  connectTo: (address: string) => Promise<Socket>,
  signal: AbortSignal,
): Promise<{ socket: Socket; address: string }> {
  let last: unknown
  for (const address of addresses) {
    try {
      return { socket: await connectTo(address), address }
    } catch (error) {
      last = error
      if (signal.aborted) break
    }
  }
  throw last
}

interface Destination {
  readonly address: string
  readonly port: number
  readonly receiver: Receiver
}

function connectTo({ address, port, receiver }: Destination, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = receiver.socket()
    socket.connect({
      host: address.replace(/%.*$/, (zone) => (address.includes(':') ? zone : '')),
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    })
    const fail = (message: string, cause?: unknown) => {
      stop()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(new SallyportError('target_unreachable', message, { cause }))
    }
    const timer = setTimeout(() => fail('the target does not answer'), timeoutMs)
    const aborted = () => fail('the session ended while the target was dialled')
    const failed = (error: NodeJS.ErrnoException) => fail(wordsFor(error), error)
    const stop = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      socket.off('error', failed)
    }
    signal.addEventListener('abort', aborted, { once: true })
    socket.on('error', failed)
    socket.once('connect', () => {
      stop()
      resolve(socket)
    })
    if (signal.aborted) aborted()
  })
}

function wordsFor(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens on the port of the target'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to the target'
    case 'ETIMEDOUT':
      return 'the target does not answer'
    default:
      return 'the target cannot be reached'
  }
}

async function systemResolve(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true })
  return [...new Set(found.map(({ address }) => address))]
}

function localAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
}
