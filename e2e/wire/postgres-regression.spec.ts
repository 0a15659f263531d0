import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { connectThrough } from '../fixtures/connect'
import { startPostgresServer } from '../fixtures/postgres-server'
import { compareRuns } from '../regression/compare'
import { fetchRegressionSuite } from '../regression/source'
import { DATABASE_SETTINGS, type Route, runSuite } from '../regression/suite'

const { sallyport } = inject('shared')

/** A fresh server each time: the suite makes roles and tablespaces, which outlive a database. */
async function onFreshServer(
  suite: string,
  route: (port: number, password: string) => Promise<Route>,
): Promise<Map<string, string>> {
  const target = await startPostgresServer()
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-regression-'))
  try {
    await target.admin('postgres', ['CREATE DATABASE regression TEMPLATE template0', ...DATABASE_SETTINGS])
    return await runSuite(suite, await route(target.port, target.password), folder)
  } finally {
    await target.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

test("PostgreSQL's own regression suite prints through the gateway what it prints direct, but for commands of psql that call by number", async () => {
  const suite = await fetchRegressionSuite()
  const direct = (port: number, password: string) =>
    Promise.resolve({ host: '127.0.0.1', port, user: 'postgres', password })
  const first = await onFreshServer(suite, direct)
  const second = await onFreshServer(suite, direct)
  const through = await onFreshServer(suite, async (port, password) => {
    const {
      port: gatewayPort,
      user,
      password: token,
    } = await connectThrough(sallyport, { name: 'regression', target: { port, password }, database: 'regression' })
    return { host: '127.0.0.1', port: gatewayPort, user, password: token }
  })
  expect(first.size).toBeGreaterThan(190)
  expect(compareRuns(first, second, through)).toEqual([])
  // Through the gateway each change of the schema has the catalog read again: minutes, where direct it is seconds.
}, 2_700_000)
