import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '#lib/config/env'
import { keptDemoSecrets } from '../demo/kept'
import { seedDemo } from '../demo/seed'
import { startDemoTarget } from '../demo/target'
import { type Home, prepareHome } from './home'
import { keepCluster } from './keep-store'
import { keptOperatorToken } from './kept-secrets'
import { claimPidFile, endLeftover } from './pid-file'
import { requireFreePorts } from './ports'
import { readyTable } from './ready-table'
import {
  listenPorts,
  requireTlsBeyondLoopback,
  type ServicesInput,
  startDemoProvider,
  startPortal,
  startProxy,
} from './services'
import { listenForStop, type StopRequest } from './stop-request'
import { prepareStore, type ReadyStore, startEmbedded } from './store'
import type { SupervisedChild } from './supervised-child'
import { startUpkeep } from './upkeep'

const CHILDREN = ['proxy', 'portal', 'demo-provider'] as const

/** What was started, in order; ended in the opposite order. */
type Running = (() => Promise<void>)[]

/**
 * `sallyport start`: runs everything in the foreground until it is told to stop. `root` is the checkout. Resolves when nothing of it
 * runs any more; throws `startup_failed`, also with nothing left running.
 */
export async function runStart(env: Env, root: string): Promise<void> {
  process.umask(0o022)
  const say = (line: string) => process.stderr.write(`${line}\n`)
  // A terminal that has gone away must not take the supervisor with it and leave its children behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  requireTlsBeyondLoopback(env)
  const stop = listenForStop(say)
  const home = await prepareHome(env.SALLYPORT_HOME)
  const claim = join(home.run, 'supervisor.pid')
  await claimPidFile(claim)
  const running: Running = [() => rm(claim, { force: true })]
  try {
    await startAll({ env, home, root, say }, running, stop)
    await stop.asked
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    for (const end of running.reverse()) await end().catch((error: unknown) => say(String(error)))
  }
}

async function startAll(input: ServicesInput, running: Running, stop: StopRequest): Promise<void> {
  const { env, home, root, say } = input
  for (const name of CHILDREN) await endLeftover(join(home.run, `${name}.pid`))
  await requireFreePorts(listenPorts(env))
  const store = await prepareStore(env, home, root)
  if (store.cluster) running.push(keepCluster(store.cluster, () => startEmbedded(env, home), say).stop)
  await keptOperatorToken(home)
  stop.signal.throwIfAborted()
  if (env.SALLYPORT_DEMO) await startDemo(input, running, stop)
  stop.signal.throwIfAborted()
  // Settled, not raced: when one fails the other must be known before anything is ended.
  const started = await Promise.allSettled([
    startPortal(input, store.urls).then((child) => follow(child, running, stop)),
    startProxy(input, store.urls).then((child) => follow(child, running, stop)),
  ])
  for (const one of started) if (one.status === 'rejected') throw one.reason
  stop.signal.throwIfAborted()
  const demoToken = env.SALLYPORT_DEMO ? await setUpDemo(env, home, store) : null
  const stopUpkeep = startUpkeep(home, store.urls.retention, say)
  running.push(async () => stopUpkeep())
  process.stdout.write(readyTable({ env, demoToken }))
}

async function startDemo(input: ServicesInput, running: Running, stop: StopRequest): Promise<void> {
  const { env, home, root, say } = input
  const secrets = await keptDemoSecrets(home)
  const start = () => startDemoTarget({ home, root, port: env.SALLYPORT_DEMO_TARGET_PORT, secrets })
  running.push(keepCluster(await start(), start, say).stop)
  follow(await startDemoProvider(input), running, stop)
}

async function setUpDemo(env: Env, home: Home, store: ReadyStore): Promise<string | null> {
  const { targetPassword } = await keptDemoSecrets(home)
  return seedDemo({ home, storeUrl: store.urls.portal, targetPort: env.SALLYPORT_DEMO_TARGET_PORT, targetPassword })
}

function follow(child: SupervisedChild, running: Running, stop: StopRequest): void {
  running.push(() => child.stop())
  stop.onForce(() => child.kill())
}
