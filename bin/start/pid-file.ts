import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { SallyportError } from '#lib/domain/errors'
import { processStart } from './process-identity'

const content = z.object({ pid: z.number().int().positive(), started: z.string() })
export type ProcessIdentity = z.infer<typeof content>

const TERM_MS = 5_000

/** The process that wrote this file, if it still lives. */
export async function readPidFile(path: string): Promise<ProcessIdentity | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    const found = content.parse(JSON.parse(text))
    return (await processStart(found.pid)) === found.started ? found : null
  } catch {
    return null
  }
}

export async function writePidFile(path: string, pid: number): Promise<void> {
  const started = await processStart(pid)
  if (started !== null) await writeFile(path, JSON.stringify({ pid, started }), { mode: 0o600 })
}

/** Makes this process the only supervisor of a home. Throws `startup_failed` when another one lives. */
export async function claimPidFile(path: string): Promise<void> {
  const started = (await processStart(process.pid)) ?? ''
  for (;;) {
    try {
      await writeFile(path, JSON.stringify({ pid: process.pid, started }), { mode: 0o600, flag: 'wx' })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const other = await readPidFile(path)
    if (other)
      throw new SallyportError(
        'startup_failed',
        `Sallyport is already running with this SALLYPORT_HOME (process ${other.pid})`,
      )
    await rm(path, { force: true })
  }
}

/** Ends what a killed supervisor left running: politely, then, after `termMs`, for good. */
export async function endLeftover(path: string, termMs = TERM_MS): Promise<void> {
  const found = await readPidFile(path)
  if (found) {
    signal(found.pid, 'SIGTERM')
    for (const deadline = Date.now() + termMs; Date.now() < deadline && (await readPidFile(path)); ) await wait(50)
    // Negative: the whole group it leads, so that nothing it started keeps a port.
    if (await readPidFile(path)) signal(-found.pid, 'SIGKILL')
    while (await readPidFile(path)) await wait(20)
  }
  await rm(path, { force: true })
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone already.
  }
}
