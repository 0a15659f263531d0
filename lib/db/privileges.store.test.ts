import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PRIVILEGES } from './privileges'
import { roleNames, STORE_ROLES, type StoreRole } from './role-names'
import { digestRecords, seedRecords } from './testing/records'
import { createTestStore, type TestStore } from './testing/store'

const RECORDS = ['event_batches', 'recording_chunks', 'audit_events'] as const
const CHANGE = { event_batches: 'codec = 1', recording_chunks: 'codec = 1', audit_events: "via = 'x'" } as const
/** insufficient_privilege */
const REFUSED = '42501'

let store: TestStore
let partition: string
beforeAll(async () => {
  store = await createTestStore()
  await seedRecords(store.recorder.sql, store.portal.sql, 'ses_seed')
  const [row] = await store.owner.sql<{ name: string }[]>`select tableoid::regclass::text as name from event_batches`
  partition = row?.name ?? ''
})
afterAll(() => store.close())

/** SQLSTATE that `statement` ends with for `role`; null when it is carried out. */
async function codeOf(role: StoreRole | 'owner', statement: string): Promise<string | null> {
  try {
    await store[role].sql.unsafe(statement)
    return null
  } catch (error) {
    return (error as { code?: string }).code ?? 'no code'
  }
}

describe('no role can change a record', () => {
  const changes = RECORDS.flatMap((table) => [
    `update ${table} set ${CHANGE[table]}`,
    `update ${table}_default set ${CHANGE[table]}`,
    `select * from ${table} for update`,
    `truncate ${table}`,
    `truncate ${table}_default`,
    `alter table ${table} disable trigger append_only`,
    `drop trigger append_only on ${table}`,
    `alter table ${table} owner to current_user`,
    `alter table ${table} detach partition ${table}_default`,
    `drop table ${table}_default`,
    `create rule r as on insert to ${table} do instead nothing`,
    `create trigger t before insert on ${table} for each row execute function refuse_update()`,
    `alter table ${table} enable row level security`,
    `create index on ${table} (ctid)`,
    `comment on table ${table} is 'x'`,
  ])
  for (const role of STORE_ROLES)
    test.each(changes)(`${role}: %s`, async (statement) => {
      expect(await codeOf(role, statement)).toBe(REFUSED)
    })

  test.each(STORE_ROLES)('%s: not by its partition, as an upsert, by MERGE or under another role', async (role) => {
    const before = await digestRecords(store.owner.sql)
    const values = `values ('ses_seed', 0, 0, (select first_at from event_batches), now(), 0, '', '')`
    const columns = '(session_id, first_seq, last_seq, first_at, last_at, codec, data, head)'
    for (const statement of [
      `update ${partition} set codec = 1`,
      `delete from ${partition}`,
      `insert into ${partition} ${columns} ${values}`,
      `insert into event_batches ${columns} ${values} on conflict (session_id, first_seq, first_at) do update set codec = 1`,
      `merge into event_batches e using (select 1) s on true when matched then update set codec = 1`,
      `update pg_catalog.pg_class set relowner = (select oid from pg_roles where rolname = current_user)`,
      `set role sallyport_owner`,
      `set session authorization sallyport_owner`,
      `set session_replication_role = replica`,
      `alter role current_user createrole`,
      `grant sallyport_owner to current_user`,
      `copy event_batches to program 'true'`,
      `select pg_read_file('postgresql.conf')`,
    ])
      expect(await codeOf(role, statement), statement).toBe(REFUSED)
    expect(await digestRecords(store.owner.sql)).toBe(before)
  })

  test.each(RECORDS)('the owner neither, without taking the guard of %s off first', async (table) => {
    expect(await codeOf('owner', `update ${table} set ${CHANGE[table]}`)).toBe(REFUSED)
  })
})

describe('a stolen portal role cannot write a record', () => {
  test.each(['event_batches', 'recording_chunks', 'sessions', 'workers', 'connection_tests'])(
    'no UPDATE, DELETE or COPY on %s',
    async (table) => {
      expect(await codeOf('portal', `delete from ${table}`)).toBe(REFUSED)
      expect(await codeOf('portal', `truncate ${table}`)).toBe(REFUSED)
      if (table !== 'connection_tests')
        expect(await codeOf('portal', `insert into ${table} select * from ${table}`)).toBe(REFUSED)
    },
  )

  test('not by COPY', async () => {
    const copy = store.portal.sql`copy event_batches from stdin`.writable()
    await expect(copy).rejects.toMatchObject({ code: REFUSED })
  })

  test.each([
    'select ensure_partitions(3)',
    'select drop_recordings(now())',
    'create table public.mine (a int)',
    'create temp table mine (a int)',
    'create schema mine',
    `create function public.f() returns int language sql as 'select 1'`,
    'create view public.v as select * from event_batches',
    'create extension pgcrypto',
    'delete from audit_events',
    'delete from connection_versions',
    'update sessions set refused = 0',
    'select sealed from connection_secrets',
  ])('%s', async (statement) => {
    expect(await codeOf('portal', statement)).toBe(REFUSED)
  })

  test('it cannot hand on what it has', async () => {
    await codeOf('portal', 'grant select, insert on audit_events to public')
    const rows = await store.owner.sql`
      select 1 from pg_class c, aclexplode(c.relacl) a where c.relname = 'audit_events' and a.grantee = 0`
    expect(rows).toHaveLength(0)
  })
})

test('the proxy writes neither connections, nor principals, nor tokens, nor records', async () => {
  for (const statement of [
    `update connections set host = 'x'`,
    `insert into connections (id, name, protocol, host, port) values ('con_x', 'x', 'postgres', 'x', 1)`,
    `delete from connection_secrets`,
    `update connection_secrets set sealed = ''`,
    `update principals set groups = '{admins}'`,
    `update access_tokens set revoked_at = null`,
    `update access_tokens set principal_id = 'x'`,
    `insert into role_groups values ('admin', 'x')`,
    `select token_hash from sign_ins`,
    `select * from audit_events`,
    `insert into event_batches select * from event_batches`,
    `insert into recording_chunks select * from recording_chunks`,
    `update sessions set ended_at = now()`,
  ])
    expect(await codeOf('proxy', statement), statement).toBe(REFUSED)
})

test('the recorder appends, and rewrites neither who a session was nor what it left', async () => {
  for (const statement of [
    `update sessions set principal_id = 'x'`,
    `update sessions set connection_name = 'x'`,
    `update sessions set started_at = now()`,
    `delete from sessions`,
    `delete from event_batches`,
    `insert into audit_events select * from audit_events`,
    `select * from connection_secrets`,
    `select * from access_tokens`,
  ])
    expect(await codeOf('recorder', statement), statement).toBe(REFUSED)
})

test('retention removes, and writes nothing', async () => {
  for (const statement of [
    `insert into event_batches select * from event_batches`,
    `insert into sessions select * from sessions`,
    `update sessions set refused = 0`,
    `delete from audit_events`,
    `select * from connection_secrets`,
  ])
    expect(await codeOf('retention', statement), statement).toBe(REFUSED)
})

test('the catalog grants each role exactly what is declared, and nothing on a partition or to the public', async () => {
  const names = roleNames('sallyport')
  const rows = await store.owner.sql<{ grantee: string; table: string; verb: string }[]>`
    select coalesce(r.rolname, 'PUBLIC') as grantee, c.relname as table, a.privilege_type as verb
    from pg_class c cross join aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
    union
    select coalesce(r.rolname, 'PUBLIC'), c.relname, x.privilege_type
    from pg_attribute t join pg_class c on c.oid = t.attrelid cross join aclexplode(t.attacl) x
      left join pg_roles r on r.oid = x.grantee
    where c.relnamespace = 'public'::regnamespace`
  const actual = rows.map((row) => `${row.grantee} ${row.verb} ${row.table}`).sort()
  const declared = STORE_ROLES.flatMap((role) =>
    Object.entries(PRIVILEGES[role]).flatMap(([table, verbs]) =>
      Object.keys(verbs).map((verb) => `${names[role]} ${verb} ${table}`),
    ),
  ).sort()
  expect(actual).toEqual(declared)
  for (const role of STORE_ROLES) for (const table of RECORDS) expect(PRIVILEGES[role][table]?.UPDATE).toBeUndefined()
})

test('nothing in the schema is open to the public, and only retention may call what runs as the owner', async () => {
  const rows = await store.owner.sql<{ name: string; grantee: string }[]>`
    select p.proname as name, coalesce(r.rolname, 'PUBLIC') as grantee
    from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      left join pg_roles r on r.oid = a.grantee
    where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner order by 1, 2`
  expect(rows).toEqual([
    { name: 'drop_recordings', grantee: 'sallyport_retention' },
    { name: 'ensure_partitions', grantee: 'sallyport_retention' },
    // These run as whoever calls them, and only read.
    { name: 'requesters_of', grantee: 'sallyport_portal' },
    { name: 'requesters_of', grantee: 'sallyport_proxy' },
    { name: 'votes_suffice', grantee: 'sallyport_portal' },
    { name: 'votes_suffice', grantee: 'sallyport_proxy' },
  ])
  const strong = await store.owner.sql`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef order by 1`
  expect(strong.map(({ proname }) => String(proname))).toEqual(['drop_recordings', 'ensure_partitions'])
})
