import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '#lib/db/embedded/cluster'
import { ensureOwner } from '#lib/db/embedded/owner'
import { migrateStore } from '#lib/db/migrate'
import { roleNames } from '#lib/db/role-names'

const PASSWORD = 'only-for-the-bench'

/** Addresses of a fresh, migrated store for its owner and for the portal. */
export interface BenchStore {
  readonly owner: string
  readonly portal: string
}

/** Runs `work` on a store of its own, on this machine, without waiting for the disk. */
export async function withBenchStore<T>(work: (store: BenchStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  await chmod(folder, 0o711)
  const settings = { fsync: 'off', full_page_writes: 'off' }
  const cluster = await startCluster({ folder, superuser: 'postgres', password: PASSWORD, listen: null, settings })
  try {
    const superuserUrl = cluster.url('postgres', PASSWORD, 'postgres')
    await ensureOwner({ superuserUrl, owner: 'sallyport_owner', password: PASSWORD, database: 'sallyport' })
    const owner = cluster.url('sallyport_owner', PASSWORD, 'sallyport')
    await migrateStore({
      url: owner,
      folder: join(import.meta.dirname, '../../drizzle'),
      passwords: { portal: PASSWORD, proxy: PASSWORD, recorder: PASSWORD, retention: PASSWORD },
    })
    return await work({ owner, portal: cluster.url(roleNames('sallyport').portal, PASSWORD, 'sallyport') })
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
