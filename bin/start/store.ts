import { join } from 'node:path'
import type { Env } from '#lib/config/env'
import { type Cluster, startCluster } from '#lib/db/embedded/cluster'
import { ensureOwner } from '#lib/db/embedded/owner'
import { type MigrateInput, migrateStore } from '#lib/db/migrate'
import { STORE_ROLES, type StoreRole } from '#lib/db/role-names'
import { SallyportError } from '#lib/domain/errors'
import { checkExternalStore } from './external-store'
import { installFirstPolicies } from './first-policies'
import { clusterFolder, type Home } from './home'
import { derivedStoreSecrets, keptStoreSecrets } from './kept-secrets'

/** The store, migrated, and its address for each role. */
export interface ReadyStore {
  readonly urls: Readonly<Record<StoreRole, string>>
  /** The server, when it is ours. */
  readonly cluster: Cluster | null
}

const DATABASE = 'sallyport'
const OWNER = 'sallyport_owner'

/** Starts the embedded store, or checks the one that DATABASE_URL names, and migrates it. `root` is the checkout. */
export async function prepareStore(env: Env, home: Home, root: string): Promise<ReadyStore> {
  const folder = join(root, 'drizzle')
  if (env.DATABASE_URL !== undefined) {
    await checkExternalStore(env.DATABASE_URL)
    const secrets = await externalSecrets(env.DATABASE_URL, home)
    return {
      cluster: null,
      urls: await migrated({ url: env.DATABASE_URL, passwords: secrets, folder, limits: env.limits }),
    }
  }
  const cluster = await startEmbedded(env, home)
  try {
    const secrets = await keptStoreSecrets(home)
    const superuserUrl = cluster.url('postgres', secrets.superuser, 'postgres')
    await ensureOwner({ superuserUrl, owner: OWNER, password: secrets.owner, database: DATABASE })
    return {
      cluster,
      urls: await migrated({
        url: cluster.url(OWNER, secrets.owner, DATABASE),
        passwords: secrets,
        folder,
        limits: env.limits,
      }),
    }
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

/** The embedded server, started or taken over. */
export async function startEmbedded(env: Env, home: Home): Promise<Cluster> {
  const { superuser } = await keptStoreSecrets(home)
  return startCluster({
    folder: await clusterFolder(home, 'postgres'),
    superuser: 'postgres',
    password: superuser,
    listen: null,
    // Portal, supervisor and command line; then what each worker opens.
    settings: { max_connections: String(40 + 20 * env.SALLYPORT_WORKERS) },
  })
}

async function externalSecrets(url: string, home: Home): Promise<Record<StoreRole, string>> {
  const { password, pathname } = new URL(url)
  return password === '' ? keptStoreSecrets(home) : derivedStoreSecrets(decodeURIComponent(password), pathname)
}

async function migrated(input: MigrateInput): Promise<ReadyStore['urls']> {
  const { url, passwords } = input
  const names = await migrateStore(input).catch((cause: unknown) => {
    throw cause instanceof SallyportError ? cause : notMigrated(cause)
  })
  const entries = STORE_ROLES.map((role) => {
    const address = new URL(url)
    address.username = encodeURIComponent(names[role])
    address.password = encodeURIComponent(passwords[role])
    return [role, address.href] as const
  })
  const urls = Object.fromEntries(entries) as Record<StoreRole, string>
  await installFirstPolicies(urls.portal)
  return urls
}

/** The query builder wraps the server's own words in a copy of the statement: they are in the innermost cause. */
function notMigrated(cause: unknown): SallyportError {
  let inner = cause
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause
  const reason = inner instanceof Error ? inner.message.split('\n')[0] : String(inner)
  return new SallyportError('startup_failed', `The store cannot be migrated: ${reason}`, { cause })
}
