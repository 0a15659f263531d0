import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** `postmaster.pid`: what a running (or killed) server left about itself in its data folder. */
export interface PostmasterFile {
  readonly pid: number
  readonly port: number
  readonly socketFolder: string
  readonly ready: boolean
}

/** Null when there is none, or when it is still being written. */
export async function readPostmasterFile(dataFolder: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  const ready = (lines[7] ?? '').trim() === 'ready'
  return { pid, port: Number(lines[3]), socketFolder: (lines[4] ?? '').trim(), ready }
}

/** True when process `pid` lives and is a PostgreSQL server of this data folder: a pid alone may long be somebody else's. */
export async function isPostmaster(pid: number, dataFolder: string): Promise<boolean> {
  try {
    if (process.platform === 'linux') {
      const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
      return args.includes(dataFolder)
    }
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
    return stdout.includes(dataFolder)
  } catch {
    return false
  }
}

/**
 * Makes a pid file whose pid now belongs to another program one that the server takes for stale: a server ignores its parent's
 * pid. The file itself must stay, since it names the shared memory by which a server finds survivors of its predecessor.
 */
export async function disownPostmasterFile(dataFolder: string): Promise<void> {
  const path = join(dataFolder, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text !== null) await writeFile(path, text.replace(/^.*$/m, String(process.pid)))
}
