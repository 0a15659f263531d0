import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { SallyportError } from '#lib/domain/errors'

/** A port that one of our listeners needs. */
export interface ListenPort {
  readonly what: string
  readonly host: string
  readonly port: number
  /** The setting that changes it. */
  readonly setting: string
}

/** Throws `startup_failed`, naming port and setting, unless every one of them can be listened on. */
export async function requireFreePorts(ports: readonly ListenPort[]): Promise<void> {
  for (const [index, { port, setting }] of ports.entries()) {
    const twin = ports.slice(0, index).find((other) => other.port === port)
    if (twin)
      throw new SallyportError('startup_failed', `${setting} and ${twin.setting} are both ${port}: change one of them`)
  }
  for (const entry of ports) await requireFree(entry)
}

async function requireFree({ what, host, port, setting }: ListenPort): Promise<void> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const reasons: Record<string, string> = {
      EADDRINUSE: `Port ${port} (${what}) is taken: end what uses it, or set ${setting} to another`,
      EACCES: `Port ${port} (${what}) needs more rights than we have: set ${setting} to one above 1023`,
      EADDRNOTAVAIL: `This machine has no address ${host}: change SALLYPORT_BIND`,
      ENOTFOUND: `This machine has no address ${host}: change SALLYPORT_BIND`,
    }
    throw new SallyportError(
      'startup_failed',
      reasons[code ?? ''] ?? `Port ${port} (${what}) cannot be used: ${code}`,
      { cause },
    )
  }
  await new Promise((resolve) => server.close(resolve))
}

/** Resolves once something accepts connections there; never when `signal` aborts first. */
export async function accepting(host: string, port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const socket = connect({ host: reachable(host), port })
    try {
      await once(socket, 'connect')
      return
    } catch {
      await wait(50)
    } finally {
      socket.destroy()
    }
  }
  return new Promise(() => undefined)
}

/** Where a listener on `host` is reached from this machine. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}
