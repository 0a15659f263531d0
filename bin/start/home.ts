import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { serverUser, walkableBy } from '#lib/db/embedded/server-user'
import { SallyportError } from '#lib/domain/errors'

/** The data folder and what is where in it. */
export interface Home {
  readonly path: string
  /** Pid files. */
  readonly run: string
  readonly log: string
  readonly keys: string
}

const NEEDED_BYTES = 512 * 1024 * 1024

/** Makes the data folder and checks that it can be worked with. Throws `startup_failed` with one line on what is wrong. */
export async function prepareHome(path: string): Promise<Home> {
  const home = { path, run: join(path, 'run'), log: join(path, 'log'), keys: join(path, 'keys') }
  try {
    // As root others must be able to walk through it: the embedded server runs as an unprivileged account.
    if ((await makeFolder(path)) && process.getuid?.() === 0) await chmod(path, 0o711)
    for (const folder of [home.run, home.log, home.keys]) await mkdir(folder, { recursive: true, mode: 0o700 })
    const probe = join(home.run, `probe.${randomBytes(4).toString('hex')}`)
    await writeFile(probe, '')
    await rm(probe)
  } catch (cause) {
    throw notUsable(path, cause)
  }
  const { bavail, bsize } = await statfs(path)
  if (bavail * bsize < NEEDED_BYTES)
    throw new SallyportError(
      'startup_failed',
      `No disk space: ${path} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB left, at least ${NEEDED_BYTES / 2 ** 20} are needed`,
    )
  return home
}

/** True when it was not there. Not mkdir's own `recursive`: that never returns where nothing can be made, as in /proc. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path || !(await makeFolder(parent))) throw error
    return makeFolder(path)
  }
}

function notUsable(path: string, cause: unknown): SallyportError {
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'ENOSPC') return new SallyportError('startup_failed', `No disk space left for ${path}`, { cause })
  const why = code === 'ENOTDIR' || code === 'EEXIST' ? 'is not a folder' : `cannot be written (${code ?? cause})`
  return new SallyportError('startup_failed', `SALLYPORT_HOME ${path} ${why}: choose another, or its owner`, { cause })
}

/**
 * Where an embedded cluster lives: in the home, or, when we are root and the account it runs as cannot get there (a home below
 * /root), under /var/lib. Remembered in the home, so that it never moves.
 */
export async function clusterFolder(home: Home, name: string): Promise<string> {
  const remembered = join(home.path, `${name}.location`)
  const known = (await readFile(remembered, 'utf8').catch(() => '')).trim()
  if (known !== '') return known
  const inHome = join(home.path, name)
  const user = await serverUser(join(inHome, 'data'))
  if (user === null || (await walkableBy(home.path, user))) return inHome
  const elsewhere = join('/var/lib/sallyport', createHash('sha256').update(home.path).digest('hex').slice(0, 16), name)
  await mkdir(elsewhere, { recursive: true, mode: 0o711 })
  await writeFile(remembered, `${elsewhere}\n`)
  return elsewhere
}
