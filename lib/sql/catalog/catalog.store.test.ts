import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { connect, type Sql } from '../../db/client'
import { LIMITS } from '../../domain/limits'
import type { Catalog } from '../catalog'
import { createFactsOf } from '../facts'
import { catalogQuery } from './query'
import { readCatalog } from './read-catalog'
import { HONEST_OBJECTS, HOSTILE_OBJECTS } from './testing/hostile-objects'

const pause = async () => undefined
const NAME = 'catalog_of_a_target'
const factsOf = await createFactsOf(LIMITS)
let server: Sql
let sql: Sql
let catalog: Catalog

beforeAll(async () => {
  const url = new URL(inject('storeServer'))
  server = connect(url.href, { max: 1, applicationName: 'test' })
  await server.unsafe(`DROP DATABASE IF EXISTS ${NAME}`)
  await server.unsafe(`CREATE DATABASE ${NAME} TEMPLATE template0`)
  url.pathname = `/${NAME}`
  sql = connect(url.href, { max: 1, applicationName: 'test' })
  await sql.unsafe(HONEST_OBJECTS + HOSTILE_OBJECTS).simple()
  catalog = await snapshot()
})
afterAll(async () => {
  await sql.end()
  await server.unsafe(`DROP DATABASE ${NAME}`)
  await server.end()
})

async function snapshot(before: Catalog | null = null): Promise<Catalog> {
  const results = (await sql.unsafe(catalogQuery(180_000)).simple()) as unknown as { item: unknown }[][]
  const items = results.flatMap((rows) => rows.map(({ item }) => JSON.stringify(item)))
  return readCatalog(items, before, pause)
}

const read = (text: string) => factsOf(text, { catalog, strings: 'standard', encoding: 'utf8' })

describe('what only reads', () => {
  test.each([
    'select id, name, tags[1], data->>$$a$$ from t where id = 1 order by at desc limit 3',
    'select count(*), max(at), array_agg(name order by id) from t group by tags having count(*) > 1',
    'select * from v',
    'select * from v2',
    'select * from m',
    'select * from typed where m = $$ok$$',
    'select row_to_json(t), to_jsonb(typed) from t, typed',
    'select $$ok$$::mood, row(1, $$ok$$)::pair, $$x$$::short, span(1, 2), short($$y$$)',
    'select plus_one(id), twice(), factorial_of(3), total(id) from t group by id',
    'select * from parent',
    'select * from parted',
    'select * from guarded',
    'select last_value from s',
    'select * from t tablesample bernoulli (50) repeatable (1)',
    'select upper(name), abs(id), both_names from (select 1 as both_names, id, name from t) x',
    'select x.both_names from (select 1 as both_names) x',
    'select pg_catalog.lower(name) from t',
    'select 1 operator(pg_catalog.+) 1',
    'select * from pg_catalog.pg_class c join pg_namespace n on n.oid = c.relnamespace',
    'select table_name from information_schema.tables',
    'explain select * from t',
    'explain delete from t where id = 1',
    'explain analyze select * from v',
    'copy t to stdout',
    'copy (select * from v) to stdout',
    'declare c cursor for select * from t',
    "select set_config('search_path', '', false)",
    'begin; select * from t; commit',
  ])('%s', (text) => {
    expect(read(text)).toMatchObject({ because: [], facts: { standing: 'clear', readOnly: true } })
  })
})

describe('what may run code that is not known', () => {
  test.each([
    'select evil(1)',
    'select * from evil(1)',
    'select public.evil(1)',
    'select * from v_evil',
    'select * from v_deep',
    'select 1 where exists (select from v_deep)',
    'refresh materialized view m_evil',
    'select lower(name) from t',
    'select a.lower(name) from t',
    "select 'x' + 1",
    "select 'x' operator(a.+) 1",
    'select sum(id + 1) from t',
    'select * from indexed',
    'explain select * from indexed',
    'select * from checked',
    'select * from keyed',
    'select * from counted',
    'select * from policed',
    "select 'x'::bad",
    "select bad('x')",
    "select cast('x' as bad)",
    'select y from bad_column',
    'select * from bad_pairs',
    "select json_populate_record(null::bad_pair, '{}')",
    "select * from json_to_record('{}') as x(a bad)",
    "select * from xmltable('/a' passing $1 columns a bad)",
    "select * from json_table('{}', '$' columns (a bad path '$'))",
    "select json_value('{}', '$' returning bad)",
    'select * from bad_enums',
    "select 'a'::bad_enum || 'b'",
    'select * from cast_row',
    'select bad_span(null, null)',
    'select * from bad_parent',
    'select sql_evil(1)',
    'select sql_insert()',
    'select sql_atomic()',
    'select sql_config()',
    'select * from v_config',
    'select sql_default()',
    'select sql_reads()',
    'select sql_set()',
    "select sql_domain('x')",
    'select bad_total(id) from t',
    "select large('x') from t",
    'select t.area from t',
    'select (t).area from t',
    'select added(1)',
    'select pg_catalog.added(1)',
    'select sleepy(1)',
    'select * from far',
    'select * from near_far',
    'select * from far_part',
    "select x.ts_stat from (values ('select 1')) x(q)",
    "select query_to_xml('select 1', true, true, '')",
    "select ts_rewrite('a', 'select 1')",
    "select pg_input_is_valid('x', 'bad')",
    "select * from ts_stat('select 1')",
    "select table_to_xml('t', true, true, '')",
    "select domain_in('x', 'bad'::regtype::oid, -1)",
  ])('%s', (text) => {
    expect(read(text).facts).toMatchObject({ standing: 'opaque', readOnly: false })
  })
})

describe('what is known to change something', () => {
  test.each([
    "select nextval('s')",
    "select x.nextval from unnest(array['s'::regclass]) x",
    "select setval('s', 1)",
    'select * from v_next',
    'select * from v_sleep',
    'select pg_sleep(1)',
    'select pg_advisory_lock(1)',
    "select pg_notify('a', 'b')",
    "select lo_from_bytea(0, 'x')",
    'select txid_current()',
    'select pg_terminate_backend(1)',
    "select pg_read_file('x')",
    'select * from pg_hba_file_rules',
    "select set_config('role', 'x', false)",
    'select * from t for share',
    'with x as (insert into log values (1) returning 1) select * from x',
    'explain analyze insert into log values (1)',
    'insert into log select name from t',
    'select * into log2 from t',
  ])('%s', (text) => {
    expect(read(text).facts.readOnly).toBe(false)
  })
})

test('a relation that is not in the snapshot is not known, and said to be missing', () => {
  expect(read('select * from made_later')).toMatchObject({
    facts: { standing: 'opaque' },
    unknownRelations: ['made_later'],
  })
  expect(read('insert into made_later values (1)')).toMatchObject({
    facts: { standing: 'clear' },
    unknownRelations: [],
  })
})

test('a snapshot is the same object for as long as nothing changed', async () => {
  expect(await snapshot(catalog)).toBe(catalog)
  await sql`CREATE TABLE made_now (a int)`
  const next = await snapshot(catalog)
  expect(next.version).not.toBe(catalog.version)
  expect(next.schemasOf('made_now')).toEqual(['public'])
  await sql`DROP TABLE made_now`
  expect((await snapshot(next)).version).toBe(catalog.version)
})

/** Doubts about everything, after these statements. */
async function everywhere(...statements: string[]): Promise<readonly string[]> {
  for (const statement of statements) await sql.unsafe(statement)
  return (await snapshot()).meanings.everywhere
}

test.each(['json', 'mood[]', 't'])('an order that somebody made for %s is used without being named', async (type) => {
  const before = await everywhere(
    `CREATE FUNCTION harmless_order(${type}, ${type}) RETURNS int LANGUAGE sql IMMUTABLE RETURN 0`,
    `CREATE FUNCTION evil_order(${type}, ${type}) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN evil(true); END'`,
    ...['<', '='].map(
      (name) => `CREATE OPERATOR a.${name} (FUNCTION = evil_order, LEFTARG = ${type}, RIGHTARG = ${type})`,
    ),
  )
  expect(before).toEqual([])
  const after = await everywhere(`CREATE OPERATOR CLASS by_evil DEFAULT FOR TYPE ${type} USING btree AS
    OPERATOR 1 a.<, OPERATOR 3 a.=, FUNCTION 1 harmless_order(${type}, ${type})`)
  expect(after.join()).toContain('evil_order')
  const dropped = await everywhere(
    'DROP OPERATOR FAMILY by_evil USING btree CASCADE',
    ...['<', '='].map((name) => `DROP OPERATOR a.${name} (${type}, ${type})`),
    ...['harmless_order', 'evil_order'].map((name) => `DROP FUNCTION ${name}`),
  )
  expect(dropped).toEqual([])
})

describe('what is the server’s own', () => {
  test('casts doubt on everything once it was replaced by something harmful: other views and operators use it', async () => {
    const [before] = await sql`SELECT pg_get_viewdef('information_schema.enabled_roles') AS view`
    const replaced = await everywhere(
      `CREATE OR REPLACE VIEW information_schema.enabled_roles AS
        SELECT evil('x'::text)::information_schema.sql_identifier AS role_name`,
    )
    expect(replaced).not.toEqual([])
    expect(await everywhere(`CREATE OR REPLACE VIEW information_schema.enabled_roles AS ${before?.view}`)).toEqual([])
    const [int4pl] = await sql`SELECT pg_get_functiondef('int4pl'::regproc) AS definition`
    const sum = `CREATE OR REPLACE FUNCTION pg_catalog.int4pl(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT
      AS 'BEGIN PERFORM nextval(''public.s''); RETURN $1 - -$2; END'`
    expect(await everywhere(sum)).not.toEqual([])
    expect(await everywhere(String(int4pl?.definition))).toEqual([])
  })

  test('does not when only rights were granted', async () => {
    const granted = await everywhere(
      'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pg_catalog, information_schema TO pg_monitor',
      'GRANT SELECT ON ALL TABLES IN SCHEMA pg_catalog, information_schema TO pg_monitor',
    )
    expect(granted).toEqual([])
  })
})

const GENERAL = '["general", 180000, "UTF8"]'

test.each([
  [[]],
  [[GENERAL, '["relation", 1]']],
  [[GENERAL, '["constructor"]']],
  [[GENERAL, '{}']],
  [[GENERAL, 'null']],
  [[GENERAL, '["everywhere", "x", {"__proto__": 1}]']],
  [[GENERAL, `${'['.repeat(100_000)}${']'.repeat(100_000)}`]],
  [[GENERAL, ...Array<string>(100_001).fill('["cast", 1, 2, 3]')]],
  [[GENERAL, JSON.stringify(['everywhere', 'x'.repeat(12 * 1024 * 1024), 1])]],
])('rows that are not as they must be, or too many, are refused: %#', async (items) => {
  await expect(readCatalog(items, null, pause)).rejects.toThrow()
})

test('a server of which nothing else is told has no relations', async () => {
  expect((await readCatalog([GENERAL], null, pause)).schemasOf('t')).toEqual([])
})

test('while a large one is read others go on', async () => {
  const items = [GENERAL, ...Array<string>(5_000).fill('["cast", 1, 2, "int4"]')]
  let pauses = 0
  await readCatalog(items, null, async () => void pauses++)
  expect(pauses).toBeGreaterThan(9)
})

describe('what may change what names mean, or what is set', () => {
  const UNSETTLING = `
CREATE SCHEMA u;
CREATE TABLE u.quiet (a int, b text); CREATE TABLE u.noted (a int); CREATE TABLE u.referenced (a int PRIMARY KEY);
CREATE FUNCTION u.note() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO u.quiet VALUES (1, now()::text) ON CONFLICT DO NOTHING; UPDATE u.quiet SET b = 1; RETURN NEW; END';
CREATE TRIGGER t AFTER INSERT ON u.noted FOR EACH ROW EXECUTE FUNCTION u.note();
CREATE FUNCTION u.counts(int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM u.quiet) + nextval(''public.s''); END';
CREATE FUNCTION u.passes(a int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN u.counts(a); END';
CREATE FUNCTION u.sets() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN SET LOCAL search_path = u; RETURN NEW; END';
CREATE FUNCTION u.sets_by_name() RETURNS text LANGUAGE sql AS 'SELECT set_config(''search_path'', ''u'', false)';
CREATE FUNCTION u.does() RETURNS int LANGUAGE plpgsql AS 'BEGIN Do $x$BEGIN END$x$; RETURN 1; END';
CREATE FUNCTION u.makes() RETURNS int LANGUAGE plpgsql AS 'BEGIN CREATE VIEW u.made AS SELECT 1; RETURN 1; END';
CREATE FUNCTION u.builds(t text) RETURNS int LANGUAGE plpgsql AS 'BEGIN EXECUTE t; RETURN 1; END';
CREATE FUNCTION u."Makes it"() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN u.makes(); END';
CREATE FUNCTION u.asks() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN u."Makes it"(); END';
CREATE FUNCTION u.asks_oddly() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN u.U&"Makes it"(); END';
CREATE FUNCTION u.given(a int DEFAULT u.makes()) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a; END';
CREATE TABLE u.loud (a int, r int REFERENCES u.referenced ON DELETE CASCADE);
CREATE TRIGGER t BEFORE INSERT OR DELETE ON u.loud FOR EACH ROW EXECUTE FUNCTION u.sets();
CREATE FUNCTION u.writes() RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO loud VALUES (1); RETURN 1; END';
CREATE TABLE u.parted (a int) PARTITION BY LIST (a); CREATE TABLE u.part PARTITION OF u.parted FOR VALUES IN (1);
CREATE TRIGGER t AFTER INSERT ON u.part FOR EACH ROW EXECUTE FUNCTION u.sets();
CREATE TABLE u.ruled (a int); CREATE RULE r AS ON INSERT TO u.ruled DO ALSO SELECT u.makes();
CREATE TABLE u.defaults (a int DEFAULT u.makes());
CREATE VIEW u.over AS SELECT * FROM u.loud; CREATE VIEW u.setting AS SELECT set_config('search_path', 'u', false);
`
  // Without operators and types that run code: with them everything may.
  const NAME_2 = `${NAME}_2`
  let second: Catalog
  const unsettles = (text: string) =>
    factsOf(text, { catalog: second, strings: 'standard', encoding: 'utf8' }).unsettles

  async function snapshotOf(objects: string): Promise<Catalog> {
    await server.unsafe(`DROP DATABASE IF EXISTS ${NAME_2}`)
    await server.unsafe(`CREATE DATABASE ${NAME_2} TEMPLATE template0`)
    const url = new URL(inject('storeServer'))
    url.pathname = `/${NAME_2}`
    const other = connect(url.href, { max: 1, applicationName: 'test' })
    await other.unsafe(objects).simple()
    const results = (await other.unsafe(catalogQuery(180_000)).simple()) as unknown as { item: unknown }[][]
    await other.end()
    return readCatalog(
      results.flatMap((rows) => rows.map(({ item }) => JSON.stringify(item))),
      null,
      pause,
    )
  }

  beforeAll(async () => {
    second = await snapshotOf(`CREATE SEQUENCE s; ${UNSETTLING}`)
  })
  afterAll(() => server.unsafe(`DROP DATABASE ${NAME_2}`))

  test.each([
    'select * from u.quiet',
    'insert into u.quiet values (1)',
    'insert into u.noted values (1)',
    'with x as (insert into u.noted values (1)) select 1',
    'select u.counts(1)',
    'select u.passes(1)',
    "select nextval('s')",
    'insert into u.made_later values (1)',
    'create table u.made_later (a int)',
  ])('not %s', (text) => expect(unsettles(text)).toBe(false))

  test.each([
    'insert into u.loud values (1)',
    'with x as (insert into loud values (1)) select 1',
    'delete from u.referenced',
    'insert into u.parted values (1)',
    'insert into u.ruled values (1)',
    'insert into u.defaults values (1)',
    'delete from u.over',
    'copy u.loud from stdin',
    'merge into u.loud using u.quiet on true when matched then delete',
    'explain analyze insert into u.loud values (1)',
    'select u.sets_by_name()',
    'select * from u.setting',
    'select u.does()',
    'select u.makes()',
    "select u.builds('')",
    'select u."Makes it"()',
    'select u.asks()',
    'select u.asks_oddly()',
    'select u.given(1)',
    'select u.writes()',
    'select u.counts(1), u.makes()',
    'select u.nowhere()',
    'do $$begin end$$',
    'call u.makes()',
    'execute q',
    'select * from u.nowhere',
    'not sql',
  ])('%s', (text) => expect(unsettles(text)).toBe(true))

  test('where operators or types run code every body may', async () => {
    second = await snapshotOf(`CREATE SEQUENCE s; ${UNSETTLING} CREATE DOMAIN u.d AS int CHECK (u.makes() = VALUE)`)
    expect([unsettles('select u.counts(1)'), unsettles('select * from u.quiet')]).toEqual([true, false])
  })

  test('where event triggers run, all that makes something does', async () => {
    second =
      await snapshotOf(`CREATE SEQUENCE s; ${UNSETTLING} CREATE FUNCTION u.e() RETURNS event_trigger LANGUAGE plpgsql
      AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION u.e()`)
    expect([unsettles('create table x (a int)'), unsettles('insert into u.quiet values (1)')]).toEqual([true, false])
  })
})
