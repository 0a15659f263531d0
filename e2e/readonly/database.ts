import pg from 'pg'
import { HONEST_OBJECTS, HOSTILE_OBJECTS } from '#lib/sql/catalog/testing/hostile-objects'
import type { Pools } from './sources/mutate'

/** Nothing writes by itself: what differs was done by a statement. */
export const QUIET = {
  ...{ autovacuum: 'off', wal_level: 'minimal', max_wal_senders: '0', max_prepared_transactions: '10' },
  checkpoint_timeout: '1d',
  // Compiling cannot be cancelled.
  jit: 'off',
}

/** Makes a database from statements; gives its address. Settled: nothing is left for a reader or a vacuum to tidy up. */
export async function makeDatabase(server: (database: string) => string, name: string, setup: string): Promise<string> {
  await withClient(server('postgres'), async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`)
  })
  await withClient(server(name), (client) => client.query(setup))
  await settle(server(name))
  return server(name)
}

export const makeHostileDatabase = (server: (database: string) => string): Promise<string> =>
  makeDatabase(server, 'hostile', HONEST_OBJECTS + HOSTILE_OBJECTS)

export async function settle(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('SET test.idle = on')
    await client.query('VACUUM (FREEZE, ANALYZE)').catch(() => client.query('VACUUM (FREEZE)'))
  })
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Names of everything there is, for mutations. */
export function poolsOf(client: pg.Client): Promise<Pools> {
  const names = async (query: string) => (await client.query<{ name: string }>(query)).rows.map(({ name }) => name)
  return (async () => ({
    functions: await names(`SELECT DISTINCT quote_ident(proname) AS name FROM pg_proc ORDER BY 1`),
    relations: await names(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f', 'S') ORDER BY oid DESC LIMIT 900`,
    ),
    operators: await names(
      `SELECT DISTINCT CASE WHEN oid < 16384 THEN oprname ELSE format('OPERATOR(%I.%s)', oprnamespace::regnamespace, oprname) END AS name
       FROM pg_operator ORDER BY 1`,
    ),
    types: await names(
      `SELECT DISTINCT oid::regtype::text AS name FROM pg_type WHERE typtype <> 'p' AND typelem = 0 ORDER BY 1`,
    ),
  }))()
}
