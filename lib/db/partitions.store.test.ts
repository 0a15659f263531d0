import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sql } from './client'
import { createTestStore, type TestStore } from './testing/store'

let store: TestStore
beforeEach(async () => {
  store = await createTestStore()
})
afterEach(() => store.close())

async function insertAt(sql: Sql, session: string, at: string): Promise<void> {
  const bytes = Buffer.from('{}')
  await sql`
    insert into event_batches (session_id, first_seq, last_seq, first_at, last_at, codec, data, head)
    values (${session}, 0, 0, ${at}, ${at}, 0, ${bytes}, ${bytes})`
}

async function partitionOf(sql: Sql, session: string): Promise<string | undefined> {
  const rows = await sql<{ name: string }[]>`
    select tableoid::regclass::text as name from event_batches where session_id = ${session}`
  return rows[0]?.name
}

test('an event of any time is kept, in the default partition when no month is made for it', async () => {
  await insertAt(store.recorder.sql, 'ses_old', '1999-01-01T00:00:00Z')
  await insertAt(store.recorder.sql, 'ses_far', '2199-01-01T00:00:00Z')
  expect(await partitionOf(store.owner.sql, 'ses_old')).toBe('event_batches_default')
  expect(await partitionOf(store.owner.sql, 'ses_far')).toBe('event_batches_default')
})

test('a new month takes over what waited for it in the default partition', async () => {
  const [row] = await store.owner.sql<{ at: string; name: string }[]>`
    select (date_trunc('month', now() at time zone 'UTC') + interval '6 months')::text || 'Z' as at,
      'event_batches_' || to_char(date_trunc('month', now() at time zone 'UTC') + interval '6 months', 'YYYYMM') as name`
  await insertAt(store.recorder.sql, 'ses_early', row?.at ?? '')
  expect(await partitionOf(store.owner.sql, 'ses_early')).toBe('event_batches_default')
  await store.retention.sql`select ensure_partitions(6)`
  expect(await partitionOf(store.portal.sql, 'ses_early')).toBe(row?.name)
})

test('making partitions twice, or by two at once, makes each of them once', async () => {
  const made = await Promise.all(
    [5, 5, 5].map(async (months) => {
      const [row] = await store.retention.sql<{ n: number }[]>`select ensure_partitions(${months}) as n`
      return row?.n
    }),
  )
  expect(made.sort()).toEqual([0, 0, 6])
})

test('dropping takes whole months that have ended, and no others', async () => {
  await insertAt(store.recorder.sql, 'ses_now', new Date().toISOString())
  const [row] = await store.retention.sql<{ dropped: string[] }[]>`select drop_recordings(now()) as dropped`
  expect(row?.dropped.length).toBe(2)
  expect(await partitionOf(store.owner.sql, 'ses_now')).toMatch(/^event_batches_\d{6}$/)
  await expect(store.retention.sql`select drop_recordings(now() + interval '1 day')`).rejects.toThrow(/future/)
})

test('compressed bytes are stored as they are', async () => {
  const rows = await store.owner.sql<{ table: string; storage: string }[]>`
    select c.relname as table, a.attstorage as storage from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attname = 'data' and c.relkind in ('r', 'p') and (c.relname ~ '^(event_batches|recording_chunks)')
      and a.attstorage <> 'e'`
  expect(rows).toEqual([])
})
