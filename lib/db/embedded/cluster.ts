import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findBinaries } from './binaries'
import { initialiseCluster } from './initialise'
import { type LaunchInput, launchServer } from './launch'
import { disownPostmasterFile, isPostmaster, readPostmasterFile } from './postmaster-file'
import { serverUser } from './server-user'
import { socketFolder } from './socket-folder'

export interface ClusterInput extends Pick<LaunchInput, 'listen'> {
  /** Absolute. The cluster is `<folder>/data`, its log `<folder>/postgresql.log`. */
  readonly folder: string
  readonly superuser: string
  readonly password: string
  /** Server settings besides the usual ones. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A running PostgreSQL server of ours. */
export interface Cluster {
  readonly pid: number
  /** Address of a database on it by its unix socket, for `openStore`. */
  url(user: string, password: string, database: string): string
  /** Resolves when the server is gone, whoever ended it. */
  readonly gone: Promise<void>
  /** Ends it: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

const STOP_MS = 20_000

/**
 * Starts the server, making its cluster first when there is none. A server that outlived its supervisor is taken over as it is.
 * Throws `startup_failed` with one line that says what to do.
 */
export async function startCluster(input: ClusterInput): Promise<Cluster> {
  const data = join(input.folder, 'data')
  const user = await serverUser(data)
  const binaries = await findBinaries(user, input.folder)
  await initialiseCluster({ ...input, binaries, user })
  const survivor = await adopt(data)
  if (survivor) return survivor
  const sockets = await socketFolder(data, user)
  const child = await launchServer({ ...input, settings: input.settings ?? {}, binaries, user, sockets })
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    child.once('exit', () => resolve())
  })
  return handle(child.pid ?? 0, sockets, input.listen?.port ?? 5432, gone)
}

/** True when a server runs on `<folder>/data` already, as one does that outlived its supervisor. */
export async function clusterRuns(folder: string): Promise<boolean> {
  const data = join(folder, 'data')
  const file = await readPostmasterFile(data)
  return file !== null && isPostmaster(file.pid, data)
}

function handle(pid: number, sockets: string, port: number, gone: Promise<void>): Cluster {
  return {
    pid,
    url: (user, password, database) =>
      `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(sockets)}`,
    gone,
    stop: () => stopServer(pid, gone),
  }
}

/** The server that is running on this data folder already; null when there is none that can be reached. */
async function adopt(data: string): Promise<Cluster | null> {
  const file = await readPostmasterFile(data)
  if (file === null) return null
  if (!(await isPostmaster(file.pid, data))) {
    await disownPostmasterFile(data)
    return null
  }
  const gone = watch(file.pid, data)
  // One without its socket folder cannot be reached any more; one that is not ready is going down.
  const folder = await stat(file.socketFolder).catch(() => null)
  if (file.ready && folder) return handle(file.pid, file.socketFolder, file.port, gone)
  await stopServer(file.pid, gone)
  return null
}

/** Somebody else's child gives no exit event: look. */
async function watch(pid: number, data: string): Promise<void> {
  while (await isPostmaster(pid, data)) await wait(200, undefined, { ref: false })
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one. */
async function stopServer(pid: number, gone: Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    const timer = new AbortController()
    const late = wait(STOP_MS, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const)
    const outcome = await Promise.race([gone.then(() => 'gone' as const), late])
    timer.abort()
    if (outcome === 'gone') return
  }
}
