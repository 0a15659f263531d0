import { beforeAll, expect, test } from 'vitest'
import { LIMITS } from '../domain/limits'
import { type Classify, createClassifier } from './classify'

let classify: Classify
beforeAll(async () => {
  classify = await createClassifier(LIMITS)
})

test.each([
  'SELECT abalance FROM pgbench_accounts WHERE aid = 12345;',
  'select 1',
  'table t',
  'values (1), (2)',
  "select a.x, b.y as z from a join b using (id) where a.x in (1, 2) and b.y like 'x%' order by 1 desc nulls last limit 5 offset 2",
  'select $1::int4, $2::text[]',
  'with x as (select 1) select * from x union all select 2',
  'select case when a > 1 then 2 else 3 end, coalesce(a, b), greatest(a, b), array[1, 2], a[1], row(1, 2) from t',
  'select * from t where exists (select 1 from u where u.id = t.id) and a is not null and b is true',
  "select date '2026-01-01', interval '1 day', current_date, a collate \"C\" from only t",
  'select distinct on (a) a from (select 1 as a) s, lateral (select 2) q group by grouping sets ((a), ())',
])('%s is known to only read', (text) => {
  expect(classify(text)).toMatchObject({ effect: 'read', statements: 1, parsed: true })
})

test.each([
  ['a function call', 'select now()'],
  ['an aggregate', 'select count(*) from t'],
  ['a function in FROM', 'select * from generate_series(1, 2)'],
  ['a set-returning function with ROWS FROM', 'select * from rows from (f(1))'],
  ['a function in ORDER BY', 'select 1 from t order by f(a)'],
  ['a function in LIMIT', 'select 1 limit f()'],
  ['a function in a sub-select', 'select (select f())'],
  ['a function in a CTE', 'with x as (select f()) select * from x'],
  ['a function in JOIN ON', 'select 1 from a join b on f(a.x)'],
  ['a function in VALUES', 'values (f())'],
  ['a sampling function', 'select * from t tablesample system (1)'],
  ['a user-defined operator', 'select a @#@ b from t'],
  ['a qualified operator', 'select a operator(evil.+) b from t'],
  ['a qualified operator over a sub-select', 'select 1 operator(evil.=) any (select 1)'],
  ['a cast to an unknown type', 'select a::evil from t'],
  ['a cast to a qualified type', 'select a::evil.int4 from t'],
  ['SELECT INTO', 'select 1 as a into t'],
  ['FOR UPDATE', 'select * from t for update'],
  ['FOR SHARE in a sub-select', 'select * from (select * from t for share) s'],
  ['a writing CTE', 'with x as (delete from t returning *) select * from x'],
  ['two statements', 'select 1; select 2'],
  ['a write', 'insert into t values (1)'],
  ['EXPLAIN ANALYZE', 'explain analyze delete from t'],
  ['COPY', 'copy t to stdout'],
  ['DO', 'do $$ begin end $$'],
  ['CALL', 'call p()'],
  ['EXECUTE', 'execute s'],
  ['a cursor', 'declare c cursor for select 1'],
  ['BEGIN', 'begin'],
  ['SHOW', 'show work_mem'],
  ['SET', 'set search_path = evil'],
  ['an empty text', ''],
  ['only a comment', '-- nothing'],
  ['a backslash, which settings give meanings', "select '\\'"],
  ['an escape string', "select E'\\n'"],
])('%s is not known to only read', (_, text) => {
  expect(classify(text).effect).toBe('write')
})

test.each(['selec 1', "select 'open", 'select 1; drop', 'select 1 \0', ')'])('%j is not understood', (text) => {
  expect(classify(text)).toMatchObject({ effect: 'write', parsed: false })
})

test('statements are counted by the grammar, and by semicolons where it fails', () => {
  expect(classify("select ';'; select 2;;").statements).toBe(2)
  expect(classify('selec 1; selec 2;').statements).toBe(3)
})

test.each([
  [-1, true],
  [0, true],
  [1, false],
])('a text of %i beyond the limit of a statement: understood %s', (beyond, parsed) => {
  const text = `select ${'a'.repeat(LIMITS.statementBytes - 7 + beyond)}`
  expect(classify(text).parsed).toBe(parsed)
})

test('a tree that is too deep or too large is not known to only read', async () => {
  const small = await createClassifier({ ...LIMITS, treeDepth: 20, treeNodes: 60 })
  expect(small('select 1 + 1').effect).toBe('read')
  expect(small(`select ${'(1 + '.repeat(10)}1${')'.repeat(10)}`).effect).toBe('write')
  expect(small(`select ${'1, '.repeat(60)}1`).effect).toBe('write')
})

test('nesting that the grammar itself cannot follow is survived', () => {
  expect(classify(`select ${'('.repeat(100_000)}1${')'.repeat(100_000)}`).effect).toBe('write')
  expect(classify('select 1').effect).toBe('read')
})

test('numbers share one place in the cache, and their answer', () => {
  expect(classify('select a from t where b = 1')).toBe(classify('select a from t where b = 2'))
})

test('the cache is bounded by text', () => {
  const first = classify('select first')
  for (let index = 0; index < 1_000; index++) classify(`select ${'x'.repeat(8_000)}${index}`)
  expect(classify('select first')).not.toBe(first)
})

test.each([
  ['select 1', null],
  ['prepare s as select 1', { statements: ['s'], portals: [] }],
  ['deallocate "S"; declare c cursor for select 1', { statements: ['S'], portals: ['c'] }],
  ['deallocate all', { statements: 'all', portals: [] }],
  ['deallocate a; deallocate all', { statements: 'all', portals: [] }],
  ['close c', { statements: [], portals: ['c'] }],
  ['close all', { statements: [], portals: 'all' }],
  ['discard all', { statements: 'all', portals: 'all' }],
  ['selec prepare', { statements: 'all', portals: 'all' }],
  ['selec', null],
])('%j touches the names %j', (text, touches) => {
  expect(classify(text).touches).toEqual(touches)
})
