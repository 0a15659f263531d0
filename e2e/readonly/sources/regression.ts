import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresServer } from '../../fixtures/postgres-server'
import { fetchRegressionSuite } from '../../regression/source'
import { DATABASE_SETTINGS, runSuite } from '../../regression/suite'
import { settle } from '../database'
import { splitScript } from '../split-script'

/** Runs PostgreSQL's own regression suite, so that its database has all that its statements speak about; gives these statements. */
export async function regressionDatabase(
  server: PostgresServer,
  into: string,
): Promise<{ url: string; statements: string[] }> {
  const suite = await fetchRegressionSuite()
  await server.admin('postgres', [
    `CREATE DATABASE regression TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`,
    ...DATABASE_SETTINGS,
  ])
  const { port, password } = server
  await runSuite(suite, { host: '127.0.0.1', port, user: 'postgres', password }, into)
  // Left behind by tests; with one more session they would be different.
  await settle(server.url('regression'))
  const folder = join(suite, 'sql')
  const statements = readdirSync(folder).flatMap((file) => splitScript(readFileSync(join(folder, file), 'utf8')))
  return { url: server.url('regression'), statements: [...new Set(statements)] }
}
