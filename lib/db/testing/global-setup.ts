import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startCluster } from '../embedded/cluster'
import { ensureOwner } from '../embedded/owner'
import { migrateStore } from '../migrate'

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's address of the run's server. Every role has the same password. */
    storeServer: string
  }
}

const PASSWORD = 'only-for-tests'
const MIGRATIONS = join(import.meta.dirname, '../../../drizzle')

/** One PostgreSQL for the whole run, and in it the migrated database `sallyport`, which tests clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  await chmod(folder, 0o711)
  const cluster = await startCluster({
    folder,
    superuser: 'postgres',
    password: PASSWORD,
    listen: null,
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
  })
  const stop = async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const superuserUrl = cluster.url('postgres', PASSWORD, 'postgres')
  try {
    await ensureOwner({ superuserUrl, owner: 'sallyport_owner', password: PASSWORD, database: 'sallyport' })
    await migrateStore({
      url: cluster.url('sallyport_owner', PASSWORD, 'sallyport'),
      folder: MIGRATIONS,
      passwords: { portal: PASSWORD, proxy: PASSWORD, recorder: PASSWORD, retention: PASSWORD },
    })
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('storeServer', superuserUrl)
  return stop
}
