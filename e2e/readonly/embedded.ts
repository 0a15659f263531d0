import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '#lib/db/embedded/cluster'
import { QUIET } from './database'

const PASSWORD = 'readonly'

export interface Embedded {
  /** As the superuser. */
  url(database: string): string
  stop(): Promise<void>
}

/** A server of the newest version, of which nobody else knows. */
export async function startEmbedded(): Promise<Embedded> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-readonly-'))
  await chmod(folder, 0o711)
  const cluster = await startCluster({
    ...{ folder, superuser: 'postgres', password: PASSWORD, listen: null },
    settings: QUIET,
  })
  return {
    url: (database) => cluster.url('postgres', PASSWORD, database),
    stop: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
