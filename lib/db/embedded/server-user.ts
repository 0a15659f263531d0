import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SallyportError } from '../../domain/errors'

/** The account PostgreSQL runs as, since it refuses to run as root. */
export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Tried in this order: an account made for the product, then the one every system has. */
const CANDIDATES = ['sallyport', 'nobody']

/**
 * Whom to run as: null means as ourselves (we are not root). A cluster that exists keeps its owner. Throws `startup_failed` when
 * there is nobody to run as.
 */
export async function serverUser(dataFolder: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null
  const accounts = await readAccounts()
  const owner = await stat(dataFolder).catch(() => null)
  if (owner && owner.uid !== 0)
    return accounts.find((account) => account.uid === owner.uid) ?? { name: '', uid: owner.uid, gid: owner.gid }
  for (const name of CANDIDATES) {
    const account = accounts.find((candidate) => candidate.name === name)
    if (account) return account
  }
  throw new SallyportError(
    'startup_failed',
    'As root, PostgreSQL needs an account called sallyport or nobody: create one',
  )
}

async function readAccounts(): Promise<ServerUser[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (!name || !uid || !gid || name.startsWith('#')) return []
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }]
  })
}

/** True when `user` can get to `path` and list what is in it. */
export async function readableBy(path: string, user: ServerUser): Promise<boolean> {
  return (await allows(path, user, 5)) && walkableBy(path, user)
}

/** True when `user` can walk down to what is in `path`. */
export async function walkableBy(path: string, user: ServerUser): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (!(await allows(at, user, 1))) return false
    if (at === dirname(at)) return true
  }
}

async function allows(path: string, user: ServerUser, bits: number): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  if (!found) return false
  const mode = found.uid === user.uid ? found.mode >> 6 : found.gid === user.gid ? found.mode >> 3 : found.mode
  return (mode & bits) === bits
}
