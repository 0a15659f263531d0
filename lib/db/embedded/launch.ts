import { type ChildProcess, spawn } from 'node:child_process'
import { chown, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SallyportError } from '../../domain/errors'
import type { Binaries } from './binaries'
import { readPostmasterFile } from './postmaster-file'
import { SERVER_ENVIRONMENT } from './server-environment'
import type { ServerUser } from './server-user'

export interface LaunchInput {
  readonly binaries: Binaries
  /** The cluster is `<folder>/data`, its log `<folder>/postgresql.log`. */
  readonly folder: string
  readonly sockets: string
  readonly user: ServerUser | null
  /** Null: reachable by its unix socket only. */
  readonly listen: { readonly host: string; readonly port: number } | null
  readonly settings: Readonly<Record<string, string>>
}

const START_MS = 60_000
const LOG_BYTES = 10 * 1024 * 1024
/** A killed predecessor's backends may take a moment to notice that it is gone. */
const ATTEMPTS = 20

const SETTINGS = {
  shared_buffers: '64MB',
  synchronous_commit: 'on',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  log_min_messages: 'warning',
  // A failed statement may hold a secret: its text stays out of the log.
  log_min_error_statement: 'panic',
} as const

/** Starts a server and resolves once it accepts connections. Throws `startup_failed` with one line that says what to do. */
export async function launchServer(input: LaunchInput): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await launchOnce(input)
    if (typeof outcome !== 'string') return outcome
    if (attempt === ATTEMPTS || !/shared memory block|lock file/.test(outcome)) throw explain(outcome, input)
    await wait(500)
  }
}

/** The running server, or what it wrote before it ended. */
async function launchOnce(input: LaunchInput): Promise<ChildProcess | string> {
  const { binaries, folder, user } = input
  const data = join(folder, 'data')
  const path = join(folder, 'postgresql.log')
  const before = await rotateLog(path)
  const log = await open(path, 'a', 0o600)
  if (user) await chown(path, user.uid, user.gid)
  const child = spawn(binaries.postgres, ['-D', data, ...settingArguments(input)], {
    cwd: '/',
    // Its own process group: Ctrl-C must not end the store before what writes to it.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: SERVER_ENVIRONMENT,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  })
  const state = { ended: false }
  child.once('exit', () => (state.ended = true))
  child.once('error', () => (state.ended = true))
  await log.close()
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await wait(20)) {
    if (state.ended) return (await readFile(path)).subarray(before).toString('utf8')
    const file = await readPostmasterFile(data)
    if (file?.pid === child.pid && file?.ready) return child
  }
  child.kill('SIGQUIT')
  return 'FATAL: it did not become ready in time'
}

/** Moves a log that has grown out of the way; the size of what stays. */
async function rotateLog(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  if (found === null) return 0
  if (found.size <= LOG_BYTES) return found.size
  await rename(path, `${path}.1`)
  return 0
}

function settingArguments(input: LaunchInput): string[] {
  const settings = {
    ...SETTINGS,
    ...input.settings,
    listen_addresses: input.listen?.host ?? '',
    port: String(input.listen?.port ?? 5432),
    unix_socket_directories: input.sockets,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function explain(log: string, input: LaunchInput): SallyportError {
  if (/Address already in use/.test(log))
    return new SallyportError('startup_failed', `Port ${input.listen?.port} is taken`)
  if (/No space left/.test(log)) return new SallyportError('startup_failed', `No disk space left for ${input.folder}`)
  const line = log.split('\n').find((text) => /FATAL|PANIC|ERROR/.test(text)) ?? log.trim().split('\n')[0] ?? ''
  const reason = line.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') || 'it ended without a word'
  return new SallyportError(
    'startup_failed',
    `PostgreSQL does not start: ${reason} (see ${input.folder}/postgresql.log)`,
  )
}
