import { parseArgs } from 'node:util'
import { benchDecide } from './decide'
import { benchDryRun } from './dry-run'
import { benchPostgres } from './postgres'
import { benchSessions } from './sessions'

const BENCHES: Record<string, (seconds: number, only: RegExp) => Promise<unknown>> = {
  decide: benchDecide,
  postgres: benchPostgres,
  sessions: benchSessions,
  'dry-run': benchDryRun,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '8' }, only: { type: 'string', default: '.' } },
})
const bench = BENCHES[positionals[0] ?? 'postgres']
if (!bench) {
  process.stderr.write(`There is no bench called ${positionals[0]}. There is: ${Object.keys(BENCHES).join(', ')}\n`)
  process.exit(2)
}
process.stdout.write(`${JSON.stringify(await bench(Number(values.seconds), new RegExp(values.only)), null, 2)}\n`)
