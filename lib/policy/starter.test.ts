import { expect, test } from 'vitest'
import { STARTER_POLICIES } from './starter'
import { brief, loaded, operation, session, settled } from './testing/judging'

const policies = loaded(...STARTER_POLICIES)
const verdict = (kind: 'person' | 'agent' | 'service', sql: string) => {
  const { facts } = operation(sql)
  // Without a catalog much is opaque; what the starter set says of what is clear is what is asked here.
  const clear = facts && { ...facts, key: `clear ${facts.key}`, facts: { ...facts.facts, standing: 'clear' as const } }
  return brief(policies.judge(session(kind))(operation(sql, { facts: clear })))
}

test.each([
  'select 1',
  'select name from customers where id = 1',
  'insert into t values (1)',
  'update t set a = 1 where id = 2',
  'delete from t where id = 2',
  'create table t (a int)',
  'begin',
  'commit',
  "set application_name = 'x'",
  'copy t to stdout',
  'vacuum t',
  'discard all',
  'reset all',
  // pg_dump sends it: with it off a query fails where it would be filtered.
  'set row_security = off',
])('%s goes through, for agents too', (sql) => {
  expect(verdict('agent', sql)).toBe('allow')
  expect(verdict('person', sql)).toBe('allow')
})

test.each([
  'drop table t',
  'truncate t',
  'delete from t',
  'update t set a = 1',
  'delete from t where 1 = 1',
  'alter table t drop column a',
  'merge into t using s on true when matched then delete',
  'explain analyze delete from t',
  'select 1; drop table t',
  'with x as (delete from t returning a) select * from x',
])('%s waits when an agent or a service sends it, and not when a person does', (sql) => {
  expect(verdict('agent', sql)).toBe('hold starter-agents-destroy')
  expect(verdict('service', sql)).toBe('hold starter-agents-destroy')
  expect(verdict('person', sql)).toBe('allow')
})

test.each(['do $$ begin end $$', 'selec 1', 'call p()', 'select evil()'])(
  '%s, which is not seen through, waits for agents',
  (sql) => {
    expect(brief(policies.judge(session('agent'))(operation(sql)))).toBe('hold starter-agents-code')
    expect(brief(policies.judge(session('person'))(operation(sql)))).toBe('allow')
  },
)

test.each([
  'create function f() returns trigger language plpgsql as $$ begin delete from t; return new; end $$',
  'create or replace procedure p() language sql as $$ delete from t $$',
  'create trigger tr before insert on t for each row execute function f()',
  'create rule r as on insert to t do also delete from t',
  'create operator + (leftarg = int, rightarg = int, function = f)',
  'create aggregate a (int) (sfunc = f, stype = int)',
  'create cast (a as b) with function f(a)',
  "create default conversion c for 'UTF8' to 'LATIN1' from f",
  'create operator class c default for type int using btree as operator 1 <',
  'create operator family f using btree',
])('%s, which runs later from what looks harmless, waits when an agent sends it', (sql) => {
  expect(verdict('agent', sql)).toBe('hold starter-agents-define')
  expect(verdict('person', sql)).toBe('allow')
})

test.each(['drop database shop', 'drop tablespace x'])('%s is refused to everybody', (sql) => {
  for (const kind of ['person', 'agent', 'service'] as const)
    expect(verdict(kind, sql)).toMatch(/^deny .*starter-no-drop-database/)
})

test.each([
  'grant select on t to x',
  'create role x superuser',
  'alter system set work_mem = 1',
  "copy t from program 'sh'",
  "copy t to '/tmp/x'",
  "select pg_read_file('/etc/passwd')",
  'set role postgres',
  'set session_replication_role = replica',
  'select set_config(name, value, false) from wanted',
  'reset all; select set_config(name, value, false) from wanted',
  "set log_statement = 'none'",
  "select set_config('Session_Preload_Libraries', 'x', false)",
  'set allow_system_table_mods = on',
  "set pgaudit.log = 'none'",
  "update pg_authid set rolsuper = true where rolname = 'x'",
  "update pg_settings set setting = 'replica' where name = 'session_replication_role'",
  'copy pg_catalog.pg_auth_members from stdin',
])('%s waits for everybody', (sql) => {
  expect(verdict('person', sql)).toBe('hold starter-admin')
  expect(verdict('agent', sql)).toContain('hold')
})

test('a connection tagged guard: off is left out of all of it', () => {
  const off = session('agent', { connection: { name: 'lab', protocol: 'postgres', tags: { guard: 'off' } } })
  for (const sql of ['drop database x', 'drop table t', 'do $$ begin end $$', 'grant select on t to x', 'selec 1'])
    expect(brief(policies.judge(off)(operation(sql)))).toBe('allow')
})

test('what is not clear is permitted by a policy of its own, and by no other', () => {
  const without = loaded(
    ...STARTER_POLICIES.map(({ name, text }) => ({
      name,
      text: text.replace(/@id\("starter-access-code"\)[^;]*;/, ''),
    })),
  )
  for (const sql of ['do $$ begin end $$', 'selec 1'])
    expect(brief(without.judge(session('person'))(operation(sql)))).toBe('deny')
})

test('a function call of the protocol, of which nothing is known, is refused', () => {
  const call = operation('', { type: 'function-call', facts: null })
  for (const kind of ['person', 'agent'] as const) expect(brief(policies.judge(session(kind))(call))).toBe('deny')
})

test.each([
  'select id, label from shop.items order by id limit 7',
  'select lower(label), char_length(label) from shop.items where id > 4',
  'select i.label, avg(s.price) from shop.sales s join shop.items i on i.id = s.item group by i.label having count(*) > 2',
  'select id, extra ->> $$size$$, extra @> \'{"new": true}\' from shop.items',
  'select unnest(words), count(*) from shop.items group by 1',
  "select date_trunc('day', sold_at at time zone 'UTC') + interval '2 days' from shop.sales",
  'select dense_rank() over (partition by item order by price desc) from shop.sales',
  'select coalesce(note, $$-$$), case when price > 9 then 1 else 0 end from shop.sales where item = any (array[1, 2])',
  'select percentile_disc(0.9) within group (order by price), count(*) filter (where price > 1) from shop.sales',
  'with recursive up(i) as (select 1 union all select i + 2 from up where i < 9) select i from up, generate_series(1, 3)',
  "select regexp_replace(label, '[0-9]+', ''), md5(label), lpad(id::text, 6, '0') from shop.items",
  "select jsonb_path_query(extra, '$.a'), row_to_json(i), xmlelement(name b, 'c') from shop.items i",
  'select current_user, current_schema(), version()',
  "select column_name from information_schema.columns where table_name = 'items'",
  "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'shop.items'::regclass",
  'explain (costs off, format json) select * from shop.items',
  'copy (select id from shop.items) to stdout with (format csv)',
  'copy shop.items (id, label) from stdin',
  'update shop.sales set note = upper(note), price = price * 2 where id = 5 returning *',
  'insert into shop.sales (item, price) values (1, 2) on conflict (id) do update set price = excluded.price',
  'insert into shop.log (msg) select label from shop.items where id = 1; delete from shop.log where msg is null',
  "set timezone = 'UTC'; set statement_timeout = '5s'; show search_path",
  'begin; declare c cursor for select id from shop.items; fetch 2 from c; close c; commit',
  "select E'x\\ty', U&'\\0041', $q$dollar$q$, 'it''s'",
  'lock table shop.log in access share mode',
  'select * from shop.items where id = 3 for update skip locked',
  'create table shop.copy_of (id int primary key, at timestamptz default now())',
  'create index on shop.sales (item)',
  'analyze shop.sales',
])('honest work of an agent goes through: %s', (sql) => {
  expect(brief(policies.judge(session('agent'))(settled(sql)))).toBe('allow')
})
