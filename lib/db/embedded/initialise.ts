import { execFile } from 'node:child_process'
import { access, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SallyportError } from '../../domain/errors'
import type { Binaries } from './binaries'
import { SERVER_ENVIRONMENT } from './server-environment'
import type { ServerUser } from './server-user'

export interface InitialiseInput {
  readonly binaries: Binaries
  /** Holds `data` and what belongs to it; made when missing. */
  readonly folder: string
  readonly user: ServerUser | null
  readonly superuser: string
  readonly password: string
}

/**
 * Makes the cluster `<folder>/data` unless it is there. Made beside and renamed when complete, so that a killed attempt leaves
 * nothing that looks like a cluster. Throws `startup_failed` with one line on what to do.
 */
export async function initialiseCluster({
  binaries,
  folder,
  user,
  superuser,
  password,
}: InitialiseInput): Promise<void> {
  const data = join(folder, 'data')
  const half = join(folder, 'data.new')
  const passwordFile = join(folder, 'initdb.password')
  if (
    await access(join(data, 'PG_VERSION')).then(
      () => true,
      () => false,
    )
  )
    return
  await mkdir(folder, { recursive: true, mode: 0o711 })
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [half, passwordFile]) await chown(path, user.uid, user.gid)
  try {
    await promisify(execFile)(binaries.initdb, arguments_(half, superuser, passwordFile), {
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    })
    await rename(half, data)
  } catch (cause) {
    throw new SallyportError('startup_failed', `PostgreSQL cannot set up ${data}: ${lastLine(cause)}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
    await rm(half, { recursive: true, force: true })
  }
}

function arguments_(data: string, superuser: string, passwordFile: string): string[] {
  return [
    ['-D', data, '-U', superuser, `--pwfile=${passwordFile}`],
    ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums', '--no-instructions'],
  ].flat()
}

/** initdb explains itself last, after a line on what it cleans up. */
function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  const lines = text.split('\n').filter((line) => /error|fatal|could not|No space/i.test(line))
  return (lines[0] ?? text.trim()).replace(/^initdb: (error: )?/, '')
}
