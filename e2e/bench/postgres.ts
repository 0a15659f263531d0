import { connectThrough } from '../fixtures/connect'
import { startPostgresServer } from '../fixtures/postgres-server'
import { descendants } from '../fixtures/processes'
import { requireProgram, run } from '../fixtures/programs'
import { startSallyport } from '../fixtures/sallyport'
import { type Load, medianRate, pgbench, type Rate, type Route, routeEnvironment } from './pgbench'
import { startPgbouncer } from './pgbouncer'
import { readSlowly } from './slow-reader'

const DATABASE = 'bench'
const ROUNDS = 3
/** A thousand rows of a kilobyte, so that the rate in transactions is the rate in megabytes. */
const BULK = 'SELECT filler FROM bench_bulk;'
/** Twenty thousand rows of a hundred bytes: what a row costs beside its bytes. */
const NARROW = 'SELECT * FROM pgbench_accounts WHERE aid <= 20000;'
const WRITE = 'INSERT INTO bench_writes (value) VALUES (1);'

type Row = Record<string, Rate>

/** Runs every load over every route in turn, several rounds, so that the machine's mood hits all routes alike. */
async function compare(routes: readonly Route[], load: Load): Promise<Row> {
  const rates = new Map<string, Rate[]>(routes.map((route) => [route.name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const route of routes) rates.get(route.name)?.push(await pgbench(route, load))
  }
  return Object.fromEntries([...rates].map(([name, list]) => [name, medianRate(list)]))
}

function ratios(row: Row): Record<string, number> {
  const own = row.sallyport?.transactionsPerSecond ?? Number.NaN
  const result: Record<string, number> = {}
  for (const [name, rate] of Object.entries(row))
    if (name !== 'sallyport') result[`of_${name}`] = round(own / rate.transactionsPerSecond)
  result.added_p50_ms = round((row.sallyport?.p50Ms ?? Number.NaN) - (row.direct?.p50Ms ?? Number.NaN))
  return result
}

const round = (value: number) => Math.round(value * 1000) / 1000

/** The PostgreSQL benchmark: direct, PgBouncer where installed, Sallyport with recording on; one run, with ratios. */
export async function benchPostgres(seconds: number, only: RegExp): Promise<unknown> {
  const target = await startPostgresServer({ fsync: 'on', shared_buffers: '128MB', max_connections: '200' })
  await target.admin('postgres', [`CREATE DATABASE ${DATABASE}`])
  const direct: Route = {
    name: 'direct',
    port: target.port,
    user: 'postgres',
    password: target.password,
    database: DATABASE,
  }
  const made = await run(requireProgram('pgbench', 'postgresql-contrib'), ['-i', '-q', '-s', '10'], {
    env: routeEnvironment(direct),
  })
  if (made.code !== 0) throw new Error(made.stderr)
  await target.admin(DATABASE, [
    'CREATE TABLE bench_writes (id bigserial PRIMARY KEY, value int)',
    'CREATE TABLE bench_bulk AS SELECT repeat(md5(i::text), 31) AS filler FROM generate_series(1, 1000) AS i',
  ])
  const pgbouncer = await startPgbouncer(target, DATABASE)
  // As many workers as the product starts by itself.
  const sallyport = await startSallyport({ env: { SALLYPORT_WORKERS: '' } })
  try {
    const through = await connectThrough(sallyport, { name: 'bench', target, database: DATABASE })
    const gateway: Route = { name: 'sallyport', ...through }
    const routes = [direct, ...(pgbouncer ? [pgbouncer.route] : []), gateway]
    const results: Record<string, unknown> = {}
    const measure = async (name: string, load: Load) => {
      if (!only.test(name)) return
      const row = await compare(routes, load)
      results[name] = { ...row, ratios: ratios(row) }
      process.stderr.write(`${name}: ${JSON.stringify(ratios(row))}\n`)
    }
    for (const protocol of ['simple', 'extended', 'prepared'] as const) {
      for (const clients of [1, 16]) await measure(`read_${protocol}_${clients}`, { protocol, clients, seconds })
    }
    for (const clients of [1, 16])
      await measure(`write_simple_${clients}`, { protocol: 'simple', clients, seconds, script: WRITE })
    await measure('bulk_rows_1', { protocol: 'simple', clients: 1, seconds, script: BULK })
    await measure('bulk_narrow_1', { protocol: 'simple', clients: 1, seconds, script: NARROW })
    if (only.test('slow_reader')) {
      results.slow_reader = await readSlowly(gateway, 2_000, descendants(sallyport.processId, 'proxy'))
      process.stderr.write(`slow_reader: ${JSON.stringify(results.slow_reader)}\n`)
    }
    return {
      protocol: 'postgres',
      node: process.version,
      seconds,
      rounds: ROUNDS,
      pgbouncer: pgbouncer !== null,
      results,
    }
  } finally {
    await sallyport.stop()
    await pgbouncer?.stop()
    await target.stop()
  }
}
