import { beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../domain/limits'
import { STATEMENT_KINDS } from '../domain/sql-facts'
import { COMMANDS } from './analysis/commands'
import { asInstalled } from './catalog'
import { createFactsOf, type FactsOf } from './facts'
import type { Reading } from './statement-facts'

const WITHOUT_CATALOG: Reading = { catalog: null, strings: 'standard', encoding: 'utf8' }

let factsOf: FactsOf
beforeAll(async () => {
  factsOf = await createFactsOf(LIMITS)
})

const read = (text: string) => factsOf(text, WITHOUT_CATALOG)
const shape = (text: string) => read(text).fingerprint

describe('kinds', () => {
  test.each<[text: string, ...kinds: string[]]>([
    ['select 1', 'select'],
    ['values (1)', 'select'],
    ['table t', 'select'],
    ['select 1 into t', 'create', 'select', 'select-into'],
    ['select * from (select * from t for share) s', 'select', 'select-for-update'],
    ['with d as (delete from t returning *) select * from d', 'delete', 'select'],
    ['with a as (with b as (update t set x = 1 returning 1) select * from b) select 1', 'select', 'update'],
    ['insert into t values (1)', 'insert'],
    ['insert into t select * from u', 'insert', 'select'],
    [
      'merge into t using s on t.a = s.a when matched then delete when not matched then insert values (1)',
      'delete',
      'insert',
      'merge',
    ],
    ['explain delete from t', 'explain'],
    ['explain (analyze) delete from t', 'delete', 'explain', 'explain-analyze'],
    [
      'explain analyze with d as (delete from t returning 1) select 1',
      'delete',
      'explain',
      'explain-analyze',
      'select',
    ],
    ['explain (analyze off) delete from t', 'explain'],
    ['explain (analyze off, analyze on) delete from t', 'delete', 'explain', 'explain-analyze'],
    ['explain (analyze 0) delete from t', 'delete', 'explain', 'explain-analyze'],
    ['explain (analyze 1) delete from t', 'delete', 'explain', 'explain-analyze'],
    ['copy t to stdout', 'copy-out'],
    ['copy (delete from t returning *) to stdout', 'copy-out', 'delete'],
    ['copy t from stdin', 'copy-in'],
    ["copy t to '/tmp/x'", 'copy-file', 'copy-out'],
    ["copy t from program 'x'", 'copy-in', 'copy-program'],
    ['prepare p as delete from t', 'delete', 'prepare'],
    ['execute p', 'execute'],
    ['explain execute p', 'explain'],
    ['explain analyze execute p', 'execute', 'explain', 'explain-analyze'],
    ['create table n as execute p', 'create', 'execute'],
    ['create table n as select 1', 'create', 'select'],
    ['create materialized view n as select 1', 'create', 'select'],
    ['create materialized view n as select 1 with no data', 'create'],
    ['declare c cursor for select * from t for update', 'cursor', 'select', 'select-for-update'],
    ['fetch all from c', 'cursor'],
    ['create rule r as on insert to t do also delete from u', 'create'],
    ['create function f() returns int begin atomic delete from t; select 1; end', 'create'],
    ['create schema s create table t (a int) grant select on t to u', 'create', 'grant', 'security'],
    ["do 'x'", 'do'],
    ['call p()', 'call'],
    ['begin; savepoint s; rollback to s; release s; commit', 'begin', 'commit', 'rollback', 'savepoint'],
    ["prepare transaction 'x'", 'commit'],
    ['set role x', 'security', 'set'],
    ['reset all', 'reset'],
    ['alter system set a = 1', 'alter', 'set', 'system'],
    ['alter role r set a = 1', 'alter', 'security', 'set'],
    ['alter table t owner to x', 'alter', 'security'],
    ['alter table t disable row level security', 'alter', 'security'],
    ['grant a to b', 'grant', 'security'],
    ['revoke select on t from a', 'revoke', 'security'],
    ['vacuum (analyze) t', 'analyze', 'vacuum'],
    ['drop database d', 'drop', 'system'],
    ['create subscription s connection $$x$$ publication p', 'create', 'replication'],
    ["select pg_catalog.pg_read_file('x')", 'select', 'system'],
    ['select pg_catalog.pg_advisory_lock(1)', 'lock', 'select'],
    ["select pg_catalog.pg_notify('a', 'b')", 'notify', 'select'],
    ["select set_config('a', 'b', false)", 'select', 'set'],
  ])('%s', (text, ...kinds) => {
    expect(read(text).facts.kinds).toEqual(kinds)
  })

  test('every kind of a command is a kind that policies can name', () => {
    const known = new Set<string>(STATEMENT_KINDS)
    for (const { kinds } of COMMANDS.values()) for (const kind of kinds) expect(known).toContain(kind)
  })
})

describe('relations', () => {
  test.each<[text: string, reads: string[], writes: string[]]>([
    ['select * from a, b.c join d using (x)', ['a', 'b.c', 'd'], []],
    ['select (select 1 from t where exists (select from u))', ['t', 'u'], []],
    ['with x as (select * from t) select * from x', ['t'], []],
    ['with x as (select * from x) select * from x', ['x'], []],
    ['with x as (select 1), y as (select * from x) select * from y', [], []],
    ['with y as (select * from x), x as (select 1) select * from y', ['x'], []],
    ['with recursive y as (select * from x), x as (select 1) select * from y', [], []],
    ['with x as (select 1) select * from s.x', ['s.x'], []],
    ['(with x as (select 1) select * from x) union select * from x', ['x'], []],
    ['with x as (select 1) delete from x where a in (select * from x)', ['x'], ['x']],
    ['insert into t select * from u', ['u'], ['t']],
    ['insert into t values (1) returning a', ['t'], ['t']],
    ['update t set a = 1 from u where t.a = u.a', ['t', 'u'], ['t']],
    ['delete from t using u where t.a = u.a', ['t', 'u'], ['t']],
    ['merge into t using u on t.a = u.a when matched then do nothing', ['t', 'u'], ['t']],
    ['select * from t for update', ['t'], ['t']],
    ['select * from (select * from t) s for update', ['t'], ['t']],
    ['create table n (like t, foreign key (a) references u)', ['t', 'u'], ['n']],
    ['create view v as select * from t', ['t'], ['v']],
    ['create rule r as on select to v do instead delete from t', ['t'], ['t', 'v']],
    ['create index i on s.t (a)', [], ['s.i', 's.t']],
    ['drop table a, b.c', [], ['a', 'b.c']],
    ['drop trigger g on s.t', [], ['s.t']],
    ['drop function f(int)', [], []],
    ['truncate a, b', [], ['a', 'b']],
    ['lock table t', [], ['t']],
    ['lock table t in access share mode', ['t'], []],
    ['alter table t attach partition p for values in (1)', [], ['p', 't']],
    ['comment on column s.t.c is $$x$$', [], ['s.t']],
    ['explain delete from t', ['t'], []],
    ['copy t from stdin', [], ['t']],
    ['copy (select * from t) to stdout', ['t'], []],
    ['select * from "a.b"', ['"a.b"'], []],
    ['select * from "A""b"', ['"A""b"'], []],
    ['select * from "Big Name"', ['Big Name'], []],
    ['select * from db.s.t', ['s.t'], []],
  ])('%s', (text, reads, writes) => {
    expect(read(text).facts).toMatchObject({ reads, writes })
  })
})

describe('columns', () => {
  test.each([
    ['select a, t.b, s.t.c, (d).e from t', ['a', 'b', 'c', 'd', 'e']],
    ['select t.* from t', ['*']],
    ['select count(*) from t', []],
    ['select row_to_json(o) from orders o', ['*', 'o']],
    ['select orders from orders', ['*', 'orders']],
    ['insert into t (a, b) values (1, 2)', ['a', 'b']],
    ['insert into t values (1, 2)', ['*']],
    ['update t set a = 1, b.c = 2', ['a', 'b', 'c']],
    ['insert into t (a) values (1) on conflict do update set b = excluded.c', ['a', 'b', 'c']],
    ['select 1 from a join b using (c)', ['c']],
    ['select 1 from a natural join b', ['*']],
    ['copy t (a) to stdout', ['a']],
    ['copy t to stdout', ['*']],
    ['alter table t drop column c', ['c']],
  ])('%s', (text, columns) => {
    expect(read(text).facts.columns).toEqual(columns)
  })
})

describe('UPDATE and DELETE without a WHERE that filters', () => {
  test.each([
    'delete from t',
    'delete from t where true',
    'delete from t where 1 = 1',
    'delete from t where 2 > 1 and now() is not null',
    'delete from t where $1',
    'delete from t where a = 1 or true',
    'delete from t where a = a',
    'delete from t where (select true)',
    'delete from t using u',
    'with d as (delete from t returning 1) select 1',
  ])('%s', (text) => {
    expect(read(text).facts.unfiltered).toEqual(['delete'])
  })

  test.each([
    'delete from t where a = 1',
    'delete from t where a',
    'delete from t where a = $1 or b = $2',
    'delete from t where true and a = 1',
    'delete from t where exists (select from u)',
    'delete from t where current of c',
    'explain delete from t',
    'merge into t using u on t.a = u.a when matched then delete',
  ])('not %s', (text) => {
    expect(read(text).facts.unfiltered).toEqual([])
  })

  test.each([
    'merge into t using u on true when matched then delete',
    'merge into t using u on t.a = u.a when not matched by source then delete',
  ])('%s', (text) => {
    expect(read(text).facts.unfiltered).toEqual(['delete'])
  })
})

describe('settings', () => {
  test.each([
    ["set Search_Path to 'x'", ['search_path']],
    ["set time zone 'UTC'", ['timezone']],
    ["set names 'latin1'", ['client_encoding']],
    ["set schema 'x'", ['search_path']],
    ['set local a.b = 1', ['a.b']],
    ['set session authorization x', ['session_authorization']],
    ['reset role', ['role']],
    ['reset all', ['*']],
    ['discard all', ['*']],
    ['begin read write', ['transaction_read_only']],
    ['set transaction isolation level serializable, read write', ['transaction_isolation', 'transaction_read_only']],
    [
      'set session characteristics as transaction read write',
      ['default_transaction_read_only', 'transaction_read_only'],
    ],
    ['set default_transaction_isolation to serializable', ['default_transaction_isolation', 'transaction_isolation']],
    ["select set_config('ROLE', 'x', true)", ['role']],
    ["select pg_catalog.set_config('ro' || 'le', 'x', true)", ['*']],
    ["select set_config(new_value => 'a', setting_name => 'b', is_local => true)", ['*']],
    ['alter role r in database d set a = 1', ['a']],
    ['alter database d reset a', ['a']],
    ['alter system reset all', ['*']],
    ['create function f() returns int language sql set a = 1 as $$select 1$$', ['a']],
    ['alter function f() set a = 1', ['a']],
    ['set sort_mem = 1', ['work_mem']],
  ])('%s', (text, settings) => {
    expect(read(text).facts.settings).toEqual(settings)
  })

  test.each([
    'set work_mem = 1',
    "set application_name = 'x'",
    'begin isolation level repeatable read, read only',
    'set default_transaction_read_only = on',
    'set standard_conforming_strings = on',
    'reset timezone',
  ])('%s changes nothing', (text) => {
    expect(read(text).facts).toMatchObject({ standing: 'clear', readOnly: true })
  })

  test.each([
    'set default_transaction_read_only = off',
    'set default_transaction_read_only = 1',
    'reset default_transaction_read_only',
    'begin read write',
    'set standard_conforming_strings = off',
    'set role x',
    'set app.tenant = 1',
    'reset all',
  ])('%s may', (text) => {
    expect(read(text).facts).toMatchObject({ standing: 'clear', readOnly: false })
  })
})

describe('without a catalog', () => {
  test.each([
    'select 1',
    'select $1',
    'show work_mem',
    'begin',
    'explain select 1',
    '',
    '-- nothing',
    'select pg_catalog.now()',
  ])('%j is clear and reads only', (text) => {
    expect(read(text).facts).toMatchObject({ standing: 'clear', readOnly: true })
  })

  test.each([
    'select a from t',
    'select now()',
    'select 1 + 1',
    "select text 'x'",
    'select 1 from (values (1)) a(x) join (values (1)) b(x) using (x)',
    'select case 1 when 1 then 2 end',
    'select 1 between 0 and 2',
    'select x.nextval from unnest($1::pg_catalog.regclass[]) x',
    "select ('s'::pg_catalog.regclass).nextval",
    'select evil.f()',
    'select pg_catalog.unheard_of(1)',
    'select 1 operator(evil.+) 1',
    'select 1 operator(evil.=) any ($1)',
    'select $1::evil.t',
    'select 1 order by 1 using operator(evil.<)',
    'select * from rows from (f())',
    'select json_value($1, $2)',
    'execute p',
    'fetch c',
    'explain execute p',
    "do 'x'",
    'call p()',
    'call pg_catalog.abs(1)',
    'refresh materialized view m',
    "load 'x'",
    'create extension x',
  ])('%s is opaque', (text) => {
    expect(read(text).facts).toMatchObject({ standing: 'opaque', readOnly: false })
  })

  test.each([
    'insert into t values (1)',
    'select 1 for update',
    'select 1 into t',
    'copy t from stdin',
    "copy (select 1) to '/tmp/x'",
    'explain analyze insert into t values (1)',
    'discard temp',
    'listen c',
    'create table t (a int)',
    'explain (analyze 0) create table t as select 1',
    "select pg_catalog.nextval('s')",
    'select pg_catalog.pg_sleep(1)',
    'select pg_catalog.txid_current()',
    'lock t in access exclusive mode',
    'set constraints all immediate',
  ])('%s does not only read', (text) => {
    expect(read(text).facts.readOnly).toBe(false)
  })

  test('what it makes itself it may run', () => {
    expect(read('begin; declare c cursor for select 1; fetch c; close c; commit').facts.readOnly).toBe(true)
    expect(read('prepare p as select 1; execute p').facts.readOnly).toBe(true)
    expect(read('fetch c; declare c cursor for select 1')).toMatchObject({
      facts: { standing: 'opaque' },
      runs: { statements: [], cursors: ['c'] },
    })
  })
})

describe('parser and server', () => {
  test('COMMIT changes nothing by itself and is recorded like a change', () => {
    expect(read('commit')).toMatchObject({ facts: { readOnly: true }, effect: 'write' })
    expect(read('begin')).toMatchObject({ facts: { readOnly: true }, effect: 'read' })
  })

  test('a backslash is read only where the session confirmed what it means', () => {
    const text = "select '\\'"
    expect(factsOf(text, { ...WITHOUT_CATALOG, strings: 'standard' }).facts.standing).toBe('clear')
    expect(factsOf(text, { ...WITHOUT_CATALOG, strings: 'unsettled' }).facts.standing).toBe('opaque')
  })

  test('so are characters beyond ASCII', () => {
    const text = "select 'é'"
    expect(factsOf(text, WITHOUT_CATALOG).facts.standing).toBe('clear')
    expect(factsOf(text, { ...WITHOUT_CATALOG, encoding: 'unsettled' }).facts.standing).toBe('opaque')
  })

  test.each(['selec 1', "select 'open", 'select 1; drop', 'select 1 \0; drop table x', ')'])(
    '%j is not understood',
    (text) => {
      expect(read(text)).toMatchObject({ facts: { standing: 'unparsed', readOnly: false }, parsed: false })
    },
  )

  test.each([
    ['end at a carriage return', 'delete from t where a = 1 -- \r or true'],
    ['nest', 'delete from t /* a /* b */ where a = 1 -- */'],
    ['begin in no text', "delete from t where '--' = '--' or true /* where a = 1 */"],
  ])('comments %s, as the server reads them', (_, text) => {
    expect(read(text).facts.unfiltered).toEqual(['delete'])
  })

  test('bytes that are no text are not understood', () => {
    expect(factsOf.unreadable('\xff; deallocate x')).toMatchObject({
      facts: { standing: 'unparsed', statements: 2 },
      touches: { statements: 'all' },
    })
  })

  test.each([
    [-1, 'clear'],
    [0, 'clear'],
    [1, 'unparsed'],
  ])('a text of %i beyond the limit of a statement is %s', (beyond, standing) => {
    expect(read(`select '${'a'.repeat(LIMITS.statementBytes - 9 + beyond)}'`).facts.standing).toBe(standing)
  })

  test('a tree that is too deep or too large, or has too many names, is not understood', async () => {
    const small = await createFactsOf({ ...LIMITS, treeDepth: 20, treeNodes: 60 })
    expect(small('select (((1)))', WITHOUT_CATALOG).parsed).toBe(true)
    expect(small(`select ${'-'.repeat(30)} 1`.replaceAll('--', '- -'), WITHOUT_CATALOG).parsed).toBe(false)
    expect(small(`select ${'1, '.repeat(60)}1`, WITHOUT_CATALOG).parsed).toBe(false)
    expect(read(`select ${Array.from({ length: 2_100 }, (_, at) => `c${at}`).join()} from t`).parsed).toBe(false)
    expect(read(`select ${'('.repeat(100_000)}1${')'.repeat(100_000)}`).parsed).toBe(false)
  })
})

describe('what hangs on the facts', () => {
  test('the JSON is canonical and the key is its digest', () => {
    const { facts, json, key } = read('update b set a = 1')
    expect(JSON.parse(json)).toEqual(facts)
    expect(Object.keys(JSON.parse(json))).toEqual(Object.keys(facts).sort())
    expect(key).toMatch(/^[\w-]{43}$/)
    expect(read('update  b set a = 2').key).toBe(key)
    expect(read('update c set a = 2').key).not.toBe(key)
  })

  test('whole numbers share one place in the cache, and other texts and readings do not', () => {
    expect(read('select 41')).toBe(read('select 42'))
    expect(read("select '41'")).not.toBe(read("select '42'"))
    expect(factsOf('select 1', { ...WITHOUT_CATALOG, catalog: asInstalled('other') })).not.toBe(read('select 1'))
    expect(factsOf('select 1', { ...WITHOUT_CATALOG })).toBe(read('select 1'))
  })

  test('the cache is bounded', () => {
    const first = read('select first')
    for (let index = 0; index < 2_000; index++) read(`select ${'x'.repeat(8_000)}${index}`)
    expect(read('select first')).not.toBe(first)
  })

  test.each([
    ["select pg_catalog.lower('a')", "select pg_catalog.lower( 'b' ) -- other"],
    ['delete from only t', 'DELETE FROM ONLY T'],
  ])('%s and %s have one shape', (left, right) => {
    expect(shape(left)).toBe(shape(right))
  })

  test.each([
    ["select pg_catalog.lower('a')", "select pg_catalog.upper('a')"],
    ["select evil.run('a')", "select evil.run('b')"],
    ['select evil.run(1)', 'select evil.run(2)'],
    ["do 'a'", "do 'b'"],
    ["set work_mem = '1'", "set work_mem = '2'"],
    ["copy t to program 'a'", "copy t to program 'b'"],
    ["notify c, 'a'", "notify c, 'b'"],
    ["select pg_catalog.set_config('a', 'b', true)", "select pg_catalog.set_config('a', 'c', true)"],
  ])('%s and %s have different shapes', (left, right) => {
    expect(shape(left)).not.toBe(shape(right))
  })

  test('what is not understood has no shape', () => {
    expect(shape('selec 1')).toBeNull()
  })
})
