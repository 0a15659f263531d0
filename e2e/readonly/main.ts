import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HONEST_OBJECTS } from '#lib/sql/catalog/testing/hostile-objects'
import { type PostgresServer, startPostgresServer } from '../fixtures/postgres-server'
import { makeDatabase, makeHostileDatabase, poolsOf, QUIET, withClient } from './database'
import { startEmbedded } from './embedded'
import { Random } from './random'
import { HONEST, HONEST_IN_SPITE } from './sources/cases'
import { readCorpora } from './sources/corpora'
import { combinations, mutations } from './sources/mutate'
import { regressionDatabase } from './sources/regression'
import { sweep } from './sources/sweep'
import { Trials } from './trials'

/**
 * A statement that is judged read-only never changes the database: runs every source of statements against real servers, with a
 * checksum of everything before and after each batch. Prints JSON; fails when anything changed, or when too little is known to read.
 *   npm run readonly -- [--mutations 20000] [--seed 1] [--corpora FOLDER] [--only REGEX]
 */
const { values } = parseArgs({
  options: {
    mutations: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    corpora: { type: 'string', default: join(import.meta.dirname, '../corpora') },
    only: { type: 'string', default: '.' },
  },
})
/** Of a whole run. */
const LEAST_RUN = 20_000
const count = Number(values.mutations)
const seed = Number(values.seed)
const only = new RegExp(values.only)
const trials = new Trials(only)

type Server = (database: string) => string

async function hostile(name: string, server: Server): Promise<void> {
  const url = await makeHostileDatabase(server)
  const everything = [...HONEST, ...(await withClient(url, sweep))]
  await trials.run(`${name}: everything it has`, url, everything, { honest: HONEST_IN_SPITE, share: 0.7 })
  await trials.run(`${name}: combinations`, url, combinations(), { share: 0.2 })
  const pools = await withClient(url, poolsOf)
  await trials.run(`${name}: mutations`, url, mutations(HONEST, pools, new Random(seed), count), { share: 0.4 })
}

async function corpora(server: Server): Promise<void> {
  const { setup, honest, before, attacks } = readCorpora(values.corpora)
  const selects = honest.filter((text) => !/^(update|insert|delete)\b/i.test(text))
  const url = await makeDatabase(server, 'corpora', setup)
  await trials.run('corpora', url, [...honest, ...before, ...attacks], { honest: selects })
  await withClient(url, async (client) => {
    // Many need what others made, or are for another role.
    for (const text of before) await client.query(text).catch(() => undefined)
  })
  await trials.run('corpora, prepared', url, [...honest, ...attacks], {})
}

async function regression(server: PostgresServer): Promise<void> {
  const { url, statements } = await regressionDatabase(server, mkdtempSync(join(tmpdir(), 'sallyport-readonly-')))
  await trials.run('regression suite', url, statements, { share: 0.1 })
  const pools = await withClient(url, poolsOf)
  const mutated = mutations(statements, pools, new Random(seed), count)
  await trials.run('regression suite: mutations', url, mutated, { share: 0.1 })
}

async function onInstalled(): Promise<void> {
  const server = await startPostgresServer(QUIET)
  try {
    const honest = await makeDatabase(server.url, 'honest', HONEST_OBJECTS)
    await trials.run('honest database', honest, HONEST, { honest: HONEST })
    await hostile('installed server', server.url)
    await corpora(server.url)
    if (only.test('regression suite')) await regression(server)
  } finally {
    await server.stop()
  }
}

async function onEmbedded(): Promise<void> {
  const server = await startEmbedded()
  try {
    await hostile('embedded server', server.url)
  } finally {
    await server.stop()
  }
}

await onInstalled()
await onEmbedded()
const { reports, failures, totals } = trials
if (values.only === '.' && totals.readOnly < LEAST_RUN) failures.push(`only ${totals.readOnly} statements were run`)
process.stdout.write(`${JSON.stringify({ seed, reports, totals, failures }, null, 2)}\n`)
process.exit(failures.length > 0 ? 1 : 0)
