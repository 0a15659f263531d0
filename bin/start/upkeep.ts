import { copyFile, readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '#lib/db/client'
import type { Home } from './home'

const HOUR_MS = 60 * 60_000
const LOG_BYTES = 50 * 1024 * 1024

/** Once an hour: partitions ahead of time, logs cut before they fill the disk. Gives the way to stop it. */
export function startUpkeep(home: Home, retentionUrl: string, say: (line: string) => void): () => void {
  const timer = setInterval(() => {
    Promise.all([makePartitions(retentionUrl), cutLogs(home)]).catch((error: unknown) =>
      say(`Upkeep failed and is tried again in an hour: ${error instanceof Error ? error.message : error}`),
    )
  }, HOUR_MS)
  return () => clearInterval(timer)
}

async function makePartitions(url: string): Promise<void> {
  const sql = connect(url, { max: 1, applicationName: 'sallyport upkeep' })
  try {
    await sql`select ensure_partitions(3)`
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Copied and emptied rather than renamed: the children write to the open file. */
async function cutLogs(home: Home): Promise<void> {
  for (const name of await readdir(home.log)) {
    const path = join(home.log, name)
    if (!name.endsWith('.log') || (await stat(path)).size < LOG_BYTES) continue
    await copyFile(path, `${path}.1`)
    await truncate(path)
  }
}
