import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SallyportError } from '#lib/domain/errors'
import type { Home } from './home'
import { endLeftover, writePidFile } from './pid-file'

export interface ChildInput {
  /** Names its log and pid file. */
  readonly name: string
  readonly home: Home
  /** Program and arguments for this Node. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** How long it may take to end what it is doing once it is told to stop. */
  readonly drainMs: number
  /** Told about restarts, for the terminal. */
  say(line: string): void
}

/** A process that is started again whenever it ends by itself. */
export interface SupervisedChild {
  readonly name: string
  /** Rejects with `startup_failed` when it ends before `ready` resolves: what it said last is in the message. */
  started(ready: Promise<void>): Promise<void>
  /** Asks it to end, waits as long as it may drain, then ends it. */
  stop(): Promise<void>
  /** Ends it now. */
  kill(): void
}

const LOG_BYTES = 10 * 1024 * 1024
const BACKOFF = { firstMs: 100, mostMs: 1_000, calmMs: 10_000 } as const

/** Starts `input.args` as a process of its own group, after ending what a killed supervisor left of it. */
export async function superviseChild(input: ChildInput): Promise<SupervisedChild> {
  const pidFile = join(input.home.run, `${input.name}.pid`)
  const logFile = join(input.home.log, `${input.name}.log`)
  await endLeftover(pidFile)
  const state = { stopping: false, backoffMs: BACKOFF.firstMs, child: await launch(input, logFile, pidFile) }
  const abort = new AbortController()
  const ended = keepAlive(input, state, abort.signal, logFile, pidFile)

  const kill = () => {
    state.stopping = true
    abort.abort()
    signalGroup(state.child, 'SIGKILL')
  }
  return {
    name: input.name,
    started: (ready) => startedOrExplained(input.name, state.child, ready, logFile),
    kill,
    async stop() {
      state.stopping = true
      abort.abort()
      // To the process alone: it knows in which order its own children end.
      state.child.kill('SIGTERM')
      const drained = new AbortController()
      await Promise.race([ended, wait(input.drainMs, undefined, { signal: drained.signal }).catch(() => undefined)])
      drained.abort()
      signalGroup(state.child, 'SIGKILL')
      await ended
      await rm(pidFile, { force: true })
    },
  }
}

async function launch(input: ChildInput, logFile: string, pidFile: string): Promise<ChildProcess> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LOG_BYTES) await rename(logFile, `${logFile}.1`)
  const log = await open(logFile, 'a', 0o600)
  // A group of its own: Ctrl-C in the terminal is for the supervisor, which ends its children in order.
  const child = spawn(process.execPath, input.args, {
    cwd: input.cwd,
    env: input.env,
    detached: true,
    // The fourth is a lifeline: a worker that loses it knows that its supervisor is gone.
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  })
  child.on('error', () => undefined)
  await log.close()
  if (child.pid !== undefined) await writePidFile(pidFile, child.pid)
  return child
}

/** Resolves once the child has ended for good. */
async function keepAlive(
  input: ChildInput,
  state: { stopping: boolean; backoffMs: number; child: ChildProcess },
  stopped: AbortSignal,
  logFile: string,
  pidFile: string,
): Promise<void> {
  for (;;) {
    const startedAt = performance.now()
    const how = await exitOf(state.child)
    // What it leaves behind in its group would keep its ports.
    signalGroup(state.child, 'SIGKILL')
    if (state.stopping) return
    if (performance.now() - startedAt > BACKOFF.calmMs) state.backoffMs = BACKOFF.firstMs
    input.say(`${input.name} ended (${how}); starting it again. Its log: ${logFile}`)
    await wait(state.backoffMs, undefined, { signal: stopped }).catch(() => undefined)
    if (state.stopping) return
    state.backoffMs = Math.min(state.backoffMs * 2, BACKOFF.mostMs)
    state.child = await launch(input, logFile, pidFile)
    if (state.stopping) state.child.kill('SIGTERM')
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null) return Promise.resolve(`code ${child.exitCode}`)
  if (child.signalCode !== null) return Promise.resolve(child.signalCode)
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)))
}

async function startedOrExplained(
  name: string,
  child: ChildProcess,
  ready: Promise<void>,
  logFile: string,
): Promise<void> {
  const gone = exitOf(child).then(async (how) => {
    throw new SallyportError('startup_failed', `The ${name} does not start (${how}): ${await lastWords(logFile)}`)
  })
  await Promise.race([ready, gone])
}

/** The last line of a log that says something; lines of JSON are reduced to their message. */
async function lastWords(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '')
  const line = lines.findLast((text) => !/^\s+at |^Node\.js v|^[\s}\])]+$/.test(text)) ?? 'it said nothing'
  const message = /"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1]
  return `${message ?? line.trim()} (see ${logFile})`
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // Nobody of it is left.
  }
}
