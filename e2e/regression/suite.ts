import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireProgram, run } from '../fixtures/programs'
import { byName } from './replacements'
import { scheduledTests } from './source'

/** Where psql connects for one run of the suite. */
export interface Route {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** What pg_regress sets on the database before the first test. */
export const DATABASE_SETTINGS = [
  "lc_messages TO 'C'",
  "lc_monetary TO 'C'",
  "lc_numeric TO 'C'",
  "lc_time TO 'C'",
  "bytea_output TO 'hex'",
  "timezone_abbreviations TO 'Default'",
].map((setting) => `ALTER DATABASE regression SET ${setting}`)

/** Runs every test of the suite with psql, one after the other, in the database `regression`; gives test name → what was printed. */
export async function runSuite(
  suite: string,
  route: Route,
  into: string,
  only?: readonly string[],
): Promise<Map<string, string>> {
  const results = join(into, 'results')
  mkdirSync(results, { recursive: true })
  chmodSync(into, 0o755)
  // The server's own user writes here in the tests of COPY to files and of large objects.
  chmodSync(results, 0o777)
  const psql = requireProgram('psql', 'postgresql-client')
  const printed = new Map<string, string>()
  for (const test of scheduledTests(suite)) {
    if (only && test !== 'test_setup' && !only.includes(test)) continue
    const done = await run(psql, ['-X', '-a', '-q', '-v', 'HIDE_TABLEAM=on', '-v', 'HIDE_TOAST_COMPRESSION=on'], {
      cwd: into,
      timeoutMs: 300_000,
      input: Buffer.from(byName(readFileSync(join(suite, 'sql', `${test}.sql`), 'latin1')), 'latin1'),
      env: {
        PGHOST: route.host,
        PGPORT: String(route.port),
        PGUSER: route.user,
        PGPASSWORD: route.password,
        PGDATABASE: 'regression',
        PGSSLMODE: 'disable',
        PGTZ: 'PST8PDT',
        PGDATESTYLE: 'Postgres, MDY',
        PGOPTIONS: '-c intervalstyle=postgres_verbose',
        PG_ABS_SRCDIR: suite,
        PG_ABS_BUILDDIR: into,
        PG_LIBDIR: '/nonexistent',
        PG_DLSUFFIX: '.so',
        LC_MESSAGES: 'C',
      },
    })
    const text = `${done.stdout}\n-- standard error\n${done.stderr}`.replaceAll(into, '<results>')
    printed.set(test, text)
    writeFileSync(join(results, `${test}.out`), text)
  }
  return printed
}
