import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { canonicalJson, type Json } from '#lib/crypto/canonical'
import { openStore, type Sql } from '#lib/db/client'
import { CODECS } from '#lib/db/schema/events'
import { LIMITS } from '#lib/domain/limits'
import { dryRunner } from '#lib/dry-run/dry-run-runner'
import { STARTER_POLICIES } from '#lib/policy/starter'
import { createFactsOf } from '#lib/sql/facts'
import { withBenchStore } from './bench-store'

const ROOT = join(import.meta.dirname, '../..')
const STATEMENTS = 1_000_000
const SESSIONS = 1_000
const PER_BATCH = 200
const TABLES = 40

/** How long a dry run over a million recorded statements takes, in a thread, from a store on this machine. */
export async function benchDryRun(): Promise<unknown> {
  return withBenchStore(async ({ owner, portal }) => {
    const store = openStore(owner, { max: 2, applicationName: 'bench' })
    const bytes = await record(store.sql)
    await store.close()
    const storedMiB = Math.round(bytes / 1_048_576)
    return { statements: STATEMENTS, sessions: SESSIONS, storedMiB, ...(await measure(portal)) }
  })
}

async function measure(storeUrl: string) {
  const outdir = join(ROOT, 'node_modules/.cache/sallyport-bench')
  const entryPoints = [join(ROOT, 'lib/dry-run/dry-run-thread.ts')]
  await build({ entryPoints, outdir, bundle: true, format: 'esm', platform: 'node', packages: 'external' })
  const to = Date.now()
  const set = { version: 1, documents: STARTER_POLICIES }
  const request = { set, from: to - 8 * 24 * 3_600_000, to, connection: null, reviewMs: LIMITS.reviewMs }
  const started = performance.now()
  const runner = dryRunner(storeUrl, join(outdir, 'dry-run-thread.js'))
  const { judged, effects, complete, groups } = await runner.run(request)
  return { seconds: Math.round(performance.now() - started) / 1000, judged, complete, effects, groups: groups.length }
}

/** Sessions of twenty agents over a week, in batches as the recorder writes them. Returns how many bytes they take. */
async function record(sql: Sql): Promise<number> {
  await sql`insert into principals (id, kind, name, groups) values ('pri_human', 'person', 'Olga', '{engineers}')`
  for (let i = 0; i < 20; i++)
    await sql`insert into principals (id, kind, name, owner_id, groups) values (${`pri_${i}`}, 'agent', ${`agent-${i}`}, 'pri_human', '{agents}')`
  const lines = await templates()
  let bytes = 0
  for (let session = 0; session < SESSIONS; session++) {
    const id = `ses_${String(session).padStart(20, '0')}`
    const at = Date.now() - (session % 7) * 86_400_000 - 3_600_000
    await sql`
      insert into sessions (id, protocol, principal_id, principal_name, principal_kind, owner_id, owner_name, token_id, connection_id,
        connection_name, connection_version, target_user, target_database, client_address, worker_id, started_at, last_event_at)
      values (${id}, 'postgres', ${`pri_${session % 20}`}, 'agent', 'agent', 'pri_human', 'Olga', 'tok_x', 'con_x',
        ${`shop-${session % 5}`}, 1, 'app', 'shop', '10.0.0.1', 'wrk_x', ${new Date(at).toISOString()}, ${new Date(at).toISOString()})`
    for (let op = 0; op < STATEMENTS / SESSIONS; op += PER_BATCH) {
      const text = Array.from({ length: PER_BATCH }, (_, i) => lines(op + i + 1, at)).join('\n')
      const data = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
      bytes += data.length
      await sql`
        insert into event_batches (session_id, first_seq, last_seq, first_at, last_at, first_op, last_op, codec, data, head)
        values (${id}, ${2 * op + 1}, ${2 * (op + PER_BATCH)}, ${new Date(at).toISOString()}, ${new Date(at).toISOString()}, ${op + 1}, ${op + PER_BATCH},
          ${CODECS.brotli}, ${data}, ${Buffer.alloc(32)})`
    }
  }
  return bytes
}

/** An intent and its outcome as two lines: a few hundred kinds of statements, with constants of their own. */
async function templates(): Promise<(op: number, at: number) => string> {
  const factsOf = await createFactsOf(LIMITS)
  const texts = Array.from({ length: TABLES }, (_, i) => [
    `SELECT id, name, email, created_at FROM customers_${i} WHERE id = $N AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20`,
    `SELECT o.id, sum(l.price * l.quantity) FROM orders_${i} o JOIN lines_${i} l ON l.order_id = o.id WHERE o.customer_id = $N GROUP BY o.id`,
    `INSERT INTO events_${i} (customer_id, kind, payload) VALUES ($N, 'visit', '{"page": "/cart"}') RETURNING id`,
    `UPDATE customers_${i} SET last_seen_at = now(), visits = visits + 1 WHERE id = $N`,
    `DELETE FROM carts_${i} WHERE customer_id = $N`,
    i % 10 === 0 ? `DROP TABLE scratch_${i}_$N` : `SELECT count(*) FROM carts_${i} WHERE customer_id = $N`,
  ]).flat()
  const known = texts.map((text) => {
    const { facts } = factsOf(text.replace('$N', '1'), { catalog: null, strings: 'standard', encoding: 'utf8' })
    return { text, facts: { ...facts, standing: 'clear' } }
  })
  let count = 0
  return (op, at) => {
    const { text, facts } = known[(count++ * 7) % known.length] ?? { text: '', facts: null }
    const effect = text.startsWith('SELECT') ? 'read' : 'write'
    const decision = { effect: 'allow', policy: 'starter-access', reason: '' }
    const intent = {
      v: 1,
      at,
      seq: 2 * op - 1,
      kind: 'operation.intent',
      op,
      type: 'query',
      effect,
      decision,
      policies: 3,
      facts,
    }
    const outcome = { v: 1, at, seq: 2 * op, kind: 'operation.outcome', op, status: 'ok', durationUs: 812, rows: 1 }
    const rest = {
      statements: [{ tag: 'SELECT 1', rows: 1 }],
      out: [op * 100, op * 100 + 100],
      outSha256: 'a'.repeat(64),
    }
    return [
      { ...intent, text: text.replace('$N', String(count)) },
      { ...outcome, ...rest },
    ]
      .map((event) => canonicalJson(event as unknown as Json))
      .join('\n')
  }
}
