import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { SallyportError } from '#lib/domain/errors'

const KEY_BYTES = 32

/**
 * The key that spools of this host are sealed with: `$SALLYPORT_HOME/keys/spool.key`, 32 bytes, made when missing. It never leaves
 * the host. Throws `startup_failed` when it is not what we made.
 */
export function spoolKey(home: string): Uint8Array {
  const folder = join(home, 'keys')
  const path = join(folder, 'spool.key')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = read(path) ?? make(folder, path)
  if (key.length !== KEY_BYTES) throw new SallyportError('startup_failed', `${path} is not a key of ${KEY_BYTES} bytes`)
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new SallyportError('startup_failed', `${path} can be read by others: chmod 600 it`)
  }
  return key
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Written aside, then linked: workers that start together end up with one whole key. */
function make(folder: string, path: string): Buffer {
  const draft = join(folder, `spool.key.${randomBytes(6).toString('hex')}`)
  const fd = openSync(draft, 'wx', 0o600)
  try {
    writeSync(fd, randomBytes(KEY_BYTES))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  const fdFolder = openSync(folder, 'r')
  fsyncSync(fdFolder)
  closeSync(fdFolder)
  return readFileSync(path)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
