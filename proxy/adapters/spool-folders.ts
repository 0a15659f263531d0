import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isId, type WorkerId } from '#lib/domain/ids'
import { bootId, startOf } from './process-identity'

/** A foreign host's folder is given up by its owner when it was not touched for this long. */
const SILENT_MS = 120_000
const OWNER = 'owner.json'

const ownerSchema = z.object({ host: z.string(), boot: z.string(), pid: z.number(), startedAt: z.string() })
type Owner = z.infer<typeof ownerSchema>

/**
 * Folders of `$SALLYPORT_HOME/spool`, one a worker. `owner.json` in each says which process writes or ships it, precisely enough that
 * a process id given away again is not mistaken for it. Whoever finds its owner dead may adopt it: `<worker>` or
 * `<worker>~<n>` becomes `<worker>~<n+1>` by one rename, which only one can win.
 */
export class SpoolFolders {
  readonly #root: string
  readonly #now: () => number
  readonly #self: Owner

  constructor(home: string, now: () => number) {
    this.#root = join(home, 'spool')
    this.#now = now
    mkdirSync(this.#root, { recursive: true, mode: 0o700 })
    this.#self = { host: hostname(), boot: bootId(), pid: process.pid, startedAt: startOf(process.pid) ?? '' }
  }

  get aside(): string {
    return join(this.#root, 'aside')
  }

  /** Makes this worker's own folder. Throws when it exists. */
  create(worker: WorkerId): string {
    const folder = join(this.#root, worker)
    // Never seen without its owner: made under another name first.
    const draft = join(this.#root, `.${worker}`)
    mkdirSync(draft, { mode: 0o700 })
    writeFileSync(join(draft, OWNER), JSON.stringify(this.#self), { mode: 0o600 })
    renameSync(draft, folder)
    return folder
  }

  /** Says that the owner lives, for those on other hosts who share the disk. */
  touch(folder: string): void {
    const now = new Date(this.#now())
    utimesSync(join(folder, OWNER), now, now)
  }

  /** Workers whose spool is here and whose owner is dead. */
  abandoned(): WorkerId[] {
    return this.#list()
      .filter(({ name }) => this.#isDead(join(this.#root, name)))
      .map(({ worker }) => worker)
  }

  /** Whether a process that lives on this host, or on one that shares this disk, writes or ships the worker's spool. */
  isHeld(worker: WorkerId): boolean {
    return this.#list().some((entry) => entry.worker === worker && !this.#isDead(join(this.#root, entry.name)))
  }

  /** Takes over a dead worker's folder; null when it is not here, its owner lives, or another was faster. */
  adopt(worker: WorkerId): string | null {
    for (const entry of this.#list()) {
      const folder = join(this.#root, entry.name)
      if (entry.worker !== worker) continue
      // Adopted before, but not finished.
      if (entry.generation > 0 && this.#isOurs(folder)) return folder
      if (!this.#isDead(folder)) continue
      const taken = join(this.#root, `${worker}~${entry.generation + 1}`)
      try {
        // Ours before the rename: nobody may find it under its new name with the dead owner in it.
        const draft = join(this.#root, `.owner-${worker}-${process.pid}`)
        writeFileSync(draft, JSON.stringify(this.#self), { mode: 0o600 })
        renameSync(folder, taken)
        renameSync(draft, join(taken, OWNER))
        return taken
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      }
    }
    return null
  }

  /** Removes a folder that has no segments any more. */
  remove(folder: string): void {
    rmSync(join(folder, OWNER), { force: true })
    rmSync(folder, { recursive: true, force: true })
  }

  #list(): { readonly name: string; readonly worker: WorkerId; readonly generation: number }[] {
    return readdirSync(this.#root).flatMap((name) => {
      const [worker = '', generation = '0'] = name.split('~')
      return isId('worker', worker) ? [{ name, worker, generation: Number(generation) }] : []
    })
  }

  #isOurs(folder: string): boolean {
    const owner = readOwner(folder)
    const { host, boot, pid, startedAt } = this.#self
    return owner?.host === host && owner.boot === boot && owner.pid === pid && owner.startedAt === startedAt
  }

  #isDead(folder: string): boolean {
    const owner = readOwner(folder)
    if (owner?.host !== this.#self.host) return this.#now() - touchedAt(folder) > SILENT_MS
    if (owner.boot !== this.#self.boot) return true
    const startedAt = startOf(owner.pid)
    return startedAt === null || startedAt !== owner.startedAt
  }
}

function readOwner(folder: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(join(folder, OWNER), 'utf8')))
  } catch {
    return null
  }
}

function touchedAt(folder: string): number {
  return (statSync(join(folder, OWNER), { throwIfNoEntry: false }) ?? statSync(folder)).mtimeMs
}
