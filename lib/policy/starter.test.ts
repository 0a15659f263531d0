import { expect, test } from 'vitest'
import { STARTER_POLICIES } from './starter'
import { brief, loaded, operation, session } from './testing/judging'

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
])('%s waits for everybody', (sql) => {
  expect(verdict('person', sql)).toBe('hold starter-admin')
  expect(verdict('agent', sql)).toContain('hold')
})

test('a connection tagged guard: off is left out of all of it', () => {
  const off = session('agent', { connection: { name: 'lab', protocol: 'postgres', tags: { guard: 'off' } } })
  for (const sql of ['drop database x', 'drop table t', 'do $$ begin end $$', 'grant select on t to x', 'selec 1'])
    expect(brief(policies.judge(off)(operation(sql)))).toBe('allow')
})
