import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Sql } from '#lib/db/client'
import { type Cluster, clusterRuns, startCluster } from '#lib/db/embedded/cluster'
import { clusterFolder, type Home } from '../start/home'
import { requireFreePorts } from '../start/ports'
import type { DemoSecrets } from './kept'

export const DEMO_TARGET = { host: '127.0.0.1', database: 'shop', user: 'app' } as const
const COMPLETE = 'A made-up shop, to try Sallyport on'

export interface DemoTargetInput {
  readonly home: Home
  /** The checkout. */
  readonly root: string
  readonly port: number
  readonly secrets: DemoSecrets
}

/** A PostgreSQL of its own with a made-up shop in it, on loopback, with SCRAM: what one connects to before one has a target. */
export async function startDemoTarget({ home, root, port, secrets }: DemoTargetInput): Promise<Cluster> {
  const folder = await clusterFolder(home, 'demo-target')
  const { host } = DEMO_TARGET
  if (!(await clusterRuns(folder)))
    await requireFreePorts([{ what: 'demo target', host, port, setting: 'SALLYPORT_DEMO_TARGET_PORT' }])
  const cluster = await startCluster({
    folder,
    superuser: 'postgres',
    password: secrets.targetSuperuser,
    listen: { host, port },
    settings: { shared_buffers: '32MB', max_connections: '100' },
  })
  try {
    await fill((database) => cluster.url('postgres', secrets.targetSuperuser, database), root, secrets.targetPassword)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function fill(url: (database: string) => string, root: string, password: string): Promise<void> {
  const { database, user } = DEMO_TARGET
  await withSql(url('postgres'), async (sql) => {
    const role = await sql`select 1 from pg_roles where rolname = ${user}`
    if (role.length === 0) await sql.unsafe(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'`)
    const found = await sql`select 1 from pg_database where datname = ${database}`
    if (found.length === 0) await sql.unsafe(`CREATE DATABASE ${database} OWNER ${user}`)
  })
  const text = await readFile(join(root, 'bin', 'demo', 'shop.sql'), 'utf8')
  await withSql(url(database), async (sql) => {
    const [row] = await sql<{ note: string | null }[]>`
      select shobj_description(oid, 'pg_database') as note from pg_database where datname = ${database}`
    // Filled and marked in one transaction: a killed start begins again, a user's changes are never overwritten.
    if (row?.note !== COMPLETE)
      await sql.begin((tx) =>
        tx.unsafe(`SET LOCAL ROLE ${user};\n${text};\nCOMMENT ON DATABASE ${database} IS '${COMPLETE}'`),
      )
  })
}

async function withSql(url: string, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = connect(url, { max: 1, applicationName: 'sallyport demo' })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
