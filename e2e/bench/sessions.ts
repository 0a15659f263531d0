import { randomBytes } from 'node:crypto'
import { openStore, type Store } from '#lib/db/client'
import { systemClock } from '#lib/domain/clock'
import type { Context } from '#lib/services/context'
import { readOverview } from '#lib/services/overview/read'
import { listSessions } from '#lib/services/sessions/list'
import { systemActor } from '#lib/services/system-actor'
import { withBenchStore } from './bench-store'

const SESSIONS = 1_000_000
const PEOPLE = 1_000
const CONNECTIONS = 200

/** Lists over a million sessions: milliseconds at the median and the 99th percentile, for each kind of filter. */
export async function benchSessions(seconds: number, only: RegExp): Promise<unknown> {
  return withBenchStore(async ({ owner }) => {
    const store = openStore(owner, { applicationName: 'bench' })
    await fill(store)
    const results = await measure(store, seconds, only)
    await store.close()
    return { sessions: SESSIONS, results }
  })
}

async function fill({ sql }: Store): Promise<void> {
  await sql`insert into principals (id, kind, name, email, groups)
    select 'pri_' || lpad(i::text, 20, '0'), 'person', 'person ' || i, 'p' || i || '@example.com', '{}' from generate_series(1, ${PEOPLE}) i`
  await sql`insert into connections (id, name, protocol, host, port)
    select 'con_' || lpad(i::text, 20, '0'), 'db-' || i, 'postgres', 'h', 5432 from generate_series(1, ${CONNECTIONS}) i`
  // Few people do most of the work, and the last person has never done any.
  await sql`insert into sessions (id, protocol, principal_id, principal_name, principal_kind, owner_id, owner_name, token_id,
      connection_id, connection_name, connection_version, target_user, target_database, client_address, worker_id,
      started_at, ended_at, last_event_at, refused, failed, operations)
    select 'ses_' || lpad(i::text, 20, '0'), 'postgres', 'pri_' || lpad(p::text, 20, '0'), 'person ' || p, 'person',
      'pri_' || lpad(p::text, 20, '0'), 'person ' || p, 'tok_1', 'con_' || lpad(c::text, 20, '0'), 'db-' || c, 1, 'app', 'shop',
      '127.0.0.1', 'wrk_1', at, case when i > ${SESSIONS} - 40 then null else at + interval '5 minutes' end, at,
      case when i % 500 = 0 then 1 else 0 end, case when i % 40 = 0 then 1 else 0 end, i % 100
    from (
      select i, 1 + floor(power(random(), 3) * (${PEOPLE} - 1))::int as p, 1 + floor(power(random(), 2) * (${CONNECTIONS} - 1))::int as c,
        date_trunc('milliseconds', now() - (${SESSIONS} - i) * interval '2.5 seconds') as at
      from generate_series(1, ${SESSIONS}) i
    ) rows`
  await sql`vacuum analyze sessions`
  await sql`analyze`
}

async function measure(store: Store, seconds: number, only: RegExp): Promise<Record<string, unknown>> {
  const ctx: Context = { db: store.db, actor: systemActor, clock: systemClock, random: (length) => randomBytes(length) }
  const idle = `pri_${String(PEOPLE).padStart(20, '0')}` as const
  const person: Context = {
    ...ctx,
    actor: {
      ...systemActor,
      principal: { ...systemActor.principal, id: idle },
      via: { kind: 'sign-in', signInId: 'sgn_1' },
    },
  }
  const middle = await listSessions({
    ctx,
    input: { to: new Date(Date.now() - 14 * 86_400_000).toISOString(), limit: 1 },
  })
  const deep = middle.nextCursor ?? ''
  const cases: Record<string, () => Promise<unknown>> = {
    newest: () => listSessions({ ctx, input: {} }),
    'deep page': () => listSessions({ ctx, input: { cursor: deep } }),
    live: () => listSessions({ ctx, input: { state: 'live' } }),
    refused: () => listSessions({ ctx, input: { verdict: 'refused' } }),
    'one person': () => listSessions({ ctx, input: { principalId: `pri_${'500'.padStart(20, '0')}` } }),
    'a person without sessions': () => listSessions({ ctx, input: { principalId: idle } }),
    'one connection': () => listSessions({ ctx, input: { connection: 'db-190' } }),
    'text, many': () => listSessions({ ctx, input: { query: 'person' } }),
    'text, one': () => listSessions({ ctx, input: { query: 'person 977' } }),
    'text, none': () => listSessions({ ctx, input: { query: 'nobody at all' } }),
    'text, a person without sessions': () => listSessions({ ctx, input: { query: `p${PEOPLE}@` } }),
    'refused, one person': () =>
      listSessions({ ctx, input: { verdict: 'refused', principalId: `pri_${'900'.padStart(20, '0')}` } }),
    'refused, text': () => listSessions({ ctx, input: { verdict: 'refused', query: 'db-17' } }),
    'own, an owner without sessions': () => listSessions({ ctx: person, input: {} }),
    'own, refused': () => listSessions({ ctx: person, input: { verdict: 'refused' } }),
    overview: () => readOverview({ ctx, input: {} }),
  }
  const results: Record<string, unknown> = {}
  for (const [name, run] of Object.entries(cases)) if (only.test(name)) results[name] = await timed(run, seconds)
  return results
}

async function timed(
  run: () => Promise<unknown>,
  seconds: number,
): Promise<{ p50Ms: number; p99Ms: number; runs: number }> {
  const times: number[] = []
  for (const until = performance.now() + seconds * 125; performance.now() < until || times.length < 5; ) {
    const from = performance.now()
    await run()
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1))
  return { p50Ms: at(0.5), p99Ms: at(0.99), runs: times.length }
}
