import { createHash } from 'node:crypto'
import { chown, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SallyportError } from '../../domain/errors'
import type { ServerUser } from './server-user'

/** Longest path of a unix socket that every system takes (`sun_path` is 104 bytes on macOS, 108 on Linux). */
const SUN_PATH = 103
const SOCKET_NAME = '/.s.PGSQL.5432'

/**
 * A short private folder for the server's socket, made when missing. In the system's temporary folder, where others can write:
 * so it must be a real folder, closed to others and owned by whoever runs the server.
 */
export async function socketFolder(dataFolder: string, user: ServerUser | null): Promise<string> {
  const name = `sallyport-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`
  const preferred = join(tmpdir(), name)
  const path = Buffer.byteLength(preferred + SOCKET_NAME) <= SUN_PATH ? preferred : join('/tmp', name)
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST')
      throw new SallyportError('startup_failed', `Cannot create ${path}: ${error.code ?? error}`)
  })
  const self = process.getuid?.() ?? 0
  const found = await lstat(path)
  if (user !== null && found.uid === self && found.isDirectory()) await chown(path, user.uid, user.gid)
  else if (found.uid !== (user?.uid ?? self) || !found.isDirectory())
    throw new SallyportError('startup_failed', `${path} belongs to somebody else: remove it`)
  if ((found.mode & 0o077) !== 0) throw new SallyportError('startup_failed', `${path} is open to others: remove it`)
  return path
}
