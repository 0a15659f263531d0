import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireProgram, run } from '../fixtures/programs'

/** One way to the same database. */
export interface Route {
  readonly name: 'direct' | 'pgbouncer' | 'sallyport'
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export interface Load {
  readonly protocol: 'simple' | 'extended' | 'prepared'
  readonly clients: number
  readonly seconds: number
  /** pgbench's own select-only script when absent. */
  readonly script?: string
}

export interface Rate {
  readonly transactionsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export function routeEnvironment(route: Route): Record<string, string> {
  return {
    PGHOST: '127.0.0.1',
    PGPORT: String(route.port),
    PGUSER: route.user,
    PGPASSWORD: route.password,
    PGDATABASE: route.database,
    PGSSLMODE: 'disable',
  }
}

/** One pgbench run; percentiles come from its log of every transaction. */
export async function pgbench(route: Route, load: Load): Promise<Rate> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-pgbench-'))
  try {
    const script = join(folder, 'script.sql')
    if (load.script) writeFileSync(script, load.script)
    const args = [
      '-n',
      '-M',
      load.protocol,
      '-c',
      String(load.clients),
      '-j',
      '1',
      '-T',
      String(load.seconds),
      '-l',
      '--log-prefix=log',
    ]
    const done = await run(
      requireProgram('pgbench', 'postgresql-contrib'),
      [...args, ...(load.script ? ['-f', script] : ['-S'])],
      {
        cwd: folder,
        env: routeEnvironment(route),
        timeoutMs: (load.seconds + 60) * 1000,
      },
    )
    const tps = /tps = ([\d.]+) \(without/.exec(done.stdout)
    if (done.code !== 0 || !tps?.[1]) throw new Error(`pgbench over ${route.name}: ${done.stderr.slice(-600)}`)
    const latencies = readdirSync(folder)
      .filter((name) => name.startsWith('log'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
      .map((line) => Number(line.split(' ')[2]) / 1000)
      .sort((a, b) => a - b)
    return {
      transactionsPerSecond: Number(tps[1]),
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** The middle one of several runs by rate, so that one noisy run does not decide. */
export function medianRate(rates: readonly Rate[]): Rate {
  const sorted = [...rates].sort((a, b) => a.transactionsPerSecond - b.transactionsPerSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('no run to take the median of')
  return middle
}
