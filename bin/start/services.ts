import { join } from 'node:path'
import { childEnvironment, type Env } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'
import type { Home } from './home'
import { accepting, type ListenPort, reachable } from './ports'
import type { ReadyStore } from './store'
import { type SupervisedChild, superviseChild } from './supervised-child'

export interface ServicesInput {
  readonly env: Env
  readonly home: Home
  /** The checkout. */
  readonly root: string
  say(line: string): void
}

const START_MS = 60_000
/**
 * Nearly all that a worker allocates dies young, and its heap is small. Collecting in threads of its own, and marking step by step each
 * time that a long result has passed, cost it a fifth of its rate.
 */
const COLLECTOR = ['--single-threaded-gc', '--no-incremental-marking']

/** Every port that a child of ours is about to listen on. */
export function listenPorts(env: Env): ListenPort[] {
  const bind = env.SALLYPORT_BIND
  const ports = [
    { what: 'portal', host: bind, port: env.SALLYPORT_PORTAL_PORT, setting: 'SALLYPORT_PORTAL_PORT' },
    { what: 'PostgreSQL listener', host: bind, port: env.SALLYPORT_POSTGRES_PORT, setting: 'SALLYPORT_POSTGRES_PORT' },
  ]
  if (!env.SALLYPORT_DEMO) return ports
  const port = env.SALLYPORT_DEMO_OIDC_PORT
  return [...ports, { what: 'demo identity provider', host: '127.0.0.1', port, setting: 'SALLYPORT_DEMO_OIDC_PORT' }]
}

/** The portal has no TLS of its own: beyond loopback a proxy in front of it must have it. Throws `startup_failed`. */
export function requireTlsBeyondLoopback(env: Env): void {
  const bind = env.SALLYPORT_BIND
  const loopback = bind === 'localhost' || bind === '::1' || /^127(\.\d{1,3}){3}$/.test(bind)
  if (loopback || new URL(env.SALLYPORT_URL).protocol === 'https:') return
  throw new SallyportError(
    'startup_failed',
    `SALLYPORT_BIND ${bind} is reached from other machines, so SALLYPORT_URL must be https: put a TLS proxy before the portal`,
  )
}

export function startPortal(input: ServicesInput, urls: ReadyStore['urls']): Promise<SupervisedChild> {
  const { env, root } = input
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const port = String(env.SALLYPORT_PORTAL_PORT)
  return start(input, {
    name: 'portal',
    args: [next, 'start', '-p', port, '-H', env.SALLYPORT_BIND],
    env: { SALLYPORT_STORE_URL: urls.portal },
    drainMs: 5_000,
    listens: [{ host: env.SALLYPORT_BIND, port: env.SALLYPORT_PORTAL_PORT }],
  })
}

/** The workers: one by itself, several under a primary that shares the listeners between them. */
export function startProxy(input: ServicesInput, urls: ReadyStore['urls']): Promise<SupervisedChild> {
  const { env, root } = input
  return start(input, {
    name: 'proxy',
    args: [...COLLECTOR, join(root, 'dist', env.SALLYPORT_WORKERS > 1 ? 'proxy-cluster.js' : 'proxy.js')],
    env: {
      SALLYPORT_STORE_URL: urls.proxy,
      SALLYPORT_RECORDER_URL: urls.recorder,
      SALLYPORT_OIDC_CLIENT_SECRET: '',
      SALLYPORT_WEBHOOK_SECRET: '',
      SALLYPORT_WEBHOOK_URL: '',
      SALLYPORT_SLACK_URL: '',
      // glibc: one heap for all threads gives freed buffers of results back; several kept 40 MiB more of a slowly read one.
      MALLOC_ARENA_MAX: '1',
    },
    // A worker gives running operations 30 s and its recorder 10 s.
    drainMs: 45_000,
    listens: [{ host: env.SALLYPORT_BIND, port: env.SALLYPORT_POSTGRES_PORT }],
  })
}

export function startDemoProvider(input: ServicesInput): Promise<SupervisedChild> {
  return start(input, {
    name: 'demo-provider',
    args: [join(input.root, 'dist', 'demo-provider.js')],
    env: {},
    drainMs: 2_000,
    listens: [{ host: '127.0.0.1', port: input.env.SALLYPORT_DEMO_OIDC_PORT }],
  })
}

interface Service {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly drainMs: number
  readonly listens: readonly { readonly host: string; readonly port: number }[]
}

/** Starts a child and resolves when all that it listens on accepts. Leaves nothing running when it throws. */
async function start({ env, home, root, say }: ServicesInput, service: Service): Promise<SupervisedChild> {
  const child = await superviseChild({
    ...service,
    home,
    say,
    cwd: root,
    env: childEnvironment({
      SALLYPORT_HOME: home.path,
      SALLYPORT_URL: env.SALLYPORT_URL,
      ...service.env,
    }),
  })
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), START_MS)
  const late = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () =>
      reject(
        new SallyportError(
          'startup_failed',
          `The ${service.name} does not answer: see ${home.log}/${service.name}.log`,
        ),
      ),
    )
  })
  const ready = Promise.all(service.listens.map(({ host, port }) => accepting(reachable(host), port, abort.signal)))
  try {
    await child.started(Promise.race([ready.then(() => undefined), late]))
    return child
  } catch (error) {
    child.kill()
    await child.stop()
    throw error
  } finally {
    clearTimeout(timer)
    late.catch(() => undefined)
    abort.abort()
  }
}
