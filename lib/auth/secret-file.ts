import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SallyportError } from '../domain/errors'

const BYTES = 32

/**
 * 32 secret bytes kept in `folder` (mode 0600), made on first use. Written aside and linked into place, so that of two processes
 * that start together both use the first one's. Throws `startup_failed`.
 */
export function readOrMakeSecret(folder: string, name: string): Buffer {
  const path = join(folder, name)
  return read(path) ?? make(folder, path)
}

function read(path: string): Buffer | null {
  try {
    const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
    if (secret.length !== BYTES)
      throw new SallyportError('startup_failed', `${path} is damaged. Remove it to make a new one.`)
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function make(folder: string, path: string): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(aside, `${randomBytes(BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
  const kept = read(path)
  if (kept === null) throw new SallyportError('startup_failed', `${path} cannot be written.`)
  return kept
}
