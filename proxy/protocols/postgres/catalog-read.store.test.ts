import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import type { Catalog } from '#lib/sql/catalog'
import { createFactsOf } from '#lib/sql/facts'
import type { Authorized } from '#proxy/core/ports'
import { sides } from '#proxy/core/side'
import { systemTimer } from '#proxy/core/timer'
import { readSnapshot } from './catalog-read'
import type { SideParts } from './side-session'
import { FakeGate } from './testing/fake-gate'
import { dialTo, reachTo, settingsWith } from './testing/reach'
import { ROLE_PASSWORD, startTargetServer, type TargetServer } from './testing/target-server'

/** What somebody made there. Names say what a statement that comes upon it does: `good…` only reads, `bad…` may do more. */
const MADE = `
CREATE SCHEMA app; CREATE SCHEMA "Odd ""one""";
CREATE SEQUENCE counter;
CREATE TABLE plain (id int, name text); CREATE TABLE app.plain (id int);
CREATE FUNCTION bad_sql() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('public.counter') $$;
CREATE FUNCTION bad_plpgsql() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION good_sql(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS $$ SELECT a + b $$;
CREATE FUNCTION bad_default(a int DEFAULT nextval('public.counter')::int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
CREATE FUNCTION bad_nested() RETURNS bigint LANGUAGE sql AS $$ SELECT public.bad_sql() $$;
CREATE FUNCTION good_atomic(a int) RETURNS int BEGIN ATOMIC SELECT a + 1; END;
CREATE FUNCTION good_return(a int) RETURNS int RETURN a + 1; CREATE FUNCTION bad_atomic() RETURNS bigint BEGIN ATOMIC SELECT nextval('public.counter'); END;
CREATE FUNCTION bad_setting() RETURNS int LANGUAGE sql SET search_path = app AS $$ SELECT 1 $$;
CREATE FUNCTION good_recursive(a int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT CASE WHEN a > 0 THEN public.good_recursive(a - 1) ELSE 0 END $$;
CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('public.counter'); RETURN 'x'; END $$;
CREATE FUNCTION public.upper(int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION "Odd ""one"""."Get It"() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE AGGREGATE good_sum (int) (sfunc = int4pl, stype = int);
CREATE FUNCTION step(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE AGGREGATE bad_sum (int) (sfunc = step, stype = int);
CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);
CREATE FUNCTION spy(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$;
CREATE OPERATOR public.~~ (FUNCTION = spy, LEFTARG = text, RIGHTARG = text);
CREATE VIEW good_view AS SELECT id, name FROM plain WHERE id > 0;
CREATE VIEW good_views AS SELECT * FROM good_view JOIN app.plain USING (id);
CREATE VIEW bad_view AS SELECT nextval('counter');
CREATE VIEW bad_views AS SELECT * FROM bad_view;
CREATE VIEW app.good_view AS SELECT 1 AS one;
CREATE MATERIALIZED VIEW good_materialized AS SELECT nextval('counter');
CREATE TYPE mood AS ENUM ('calm'); CREATE DOMAIN good_domain AS int CHECK (VALUE > 0); CREATE DOMAIN bad_domain AS int CHECK (public.bad_plpgsql() = VALUE);
CREATE TYPE good_pair AS (m mood, d good_domain); CREATE TYPE bad_pair AS (d bad_domain); CREATE TYPE good_range AS RANGE (subtype = good_domain);
CREATE TABLE good_typed (m mood, d good_domain[], p good_pair, r good_range); CREATE TABLE bad_typed (x int, p bad_pair[]);
CREATE FUNCTION to_text(mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'x'; END $$;
CREATE TYPE odd_mood AS ENUM ('calm'); CREATE FUNCTION odd_text(odd_mood) RETURNS json LANGUAGE plpgsql AS $$ BEGIN RETURN '1'; END $$;
CREATE CAST (odd_mood AS json) WITH FUNCTION odd_text(odd_mood); CREATE TABLE bad_cast (m odd_mood);
CREATE TABLE good_guarded (id int); ALTER TABLE good_guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON good_guarded USING (id > 0);
CREATE TABLE bad_guarded (id int); ALTER TABLE bad_guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON bad_guarded USING (bad_plpgsql() > 0);
CREATE TABLE good_parted (id int) PARTITION BY LIST (id); CREATE TABLE good_part PARTITION OF good_parted FOR VALUES IN (1);
CREATE TABLE bad_parent (id int); CREATE TABLE bad_child () INHERITS (bad_parent); ALTER TABLE bad_child ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON bad_child USING (bad_plpgsql() > 0);
CREATE TABLE good_indexed (id int); CREATE INDEX ON good_indexed (lower(id::text));
CREATE TABLE bad_indexed (id int); CREATE INDEX ON bad_indexed (bad_plpgsql()) WHERE id > 0;
CREATE TABLE bad_checked (id int CHECK (bad_plpgsql() = 1));
CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing; CREATE FOREIGN TABLE bad_foreign (id int) SERVER nowhere;
CREATE FUNCTION twice(plain) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION half(plain) RETURNS int LANGUAGE sql AS $$ SELECT $1.id / 2 $$;
`

const factsOf = await createFactsOf(LIMITS)
let target: TargetServer
let parts: SideParts
let gate: FakeGate
let catalog: Catalog

beforeAll(async () => {
  target = await startTargetServer()
  await target.admin('postgres', ['CREATE DATABASE made'])
  await target.admin('made', [MADE])
  gate = new FakeGate({ write: () => true } as never, { write: () => true } as never)
  parts = {
    access: reachTo(target.port, { secrets: { password: ROLE_PASSWORD } }).access as unknown as Authorized,
    settings: settingsWith({ user: 'scram', database: 'made' }),
    gate,
    openSide: sides((reach) => dialTo(reach)),
    limits: LIMITS,
    startTimer: systemTimer,
  }
  catalog = (await readSnapshot(parts, null)).catalog
})
afterAll(() => target.stop())

const facts = (text: string) => factsOf(text, { catalog, strings: 'standard', encoding: 'utf8' })

test('a role without rights reads a snapshot, on record', () => {
  expect(gate.owned.map(({ text }) => text.slice(0, 5))).toEqual(['BEGIN', 'BEGIN'])
  expect(gate.ownSettled).toMatchObject([{ status: 'ok' }, { status: 'ok' }])
})

test('what is unchanged is not read twice', async () => {
  expect((await readSnapshot(parts, catalog)).catalog).toBe(catalog)
})

test('a view that somebody is changing keeps nobody waiting, and is not known', async () => {
  const locked = target.admin('made', ['BEGIN; LOCK TABLE plain, good_guarded; SELECT pg_sleep(3); COMMIT'])
  await new Promise((resolve) => setTimeout(resolve, 500))
  const read = await readSnapshot(parts, null)
  const reading = { catalog: read.catalog, strings: 'standard', encoding: 'utf8' } as const
  const standings = ['public.good_view', 'good_guarded', 'bad_view', 'plain', 'app.good_view'].map(
    (name) => factsOf(`select * from ${name}`, reading).facts.standing,
  )
  expect(standings).toEqual(['opaque', 'opaque', 'opaque', 'clear', 'clear'])
  await locked
})

test('of more views than the server has locks for, the rest is not known, and nobody else lacks locks', async () => {
  await target.admin('postgres', ['CREATE DATABASE many'])
  await target.admin('many', ['CREATE TABLE t (id int)', ...[0, 1, 2, 3].map(manyViews)])
  const many = { ...parts, settings: settingsWith({ user: 'scram', database: 'many' }) }
  const read = await readSnapshot(many, null)
  const reading = { catalog: read.catalog, strings: 'standard', encoding: 'utf8' } as const
  const standings = ['t', 'v0_1', 'v3_400'].map((name) => factsOf(`select * from ${name}`, reading).facts.standing)
  expect(standings).toEqual(['clear', 'clear', 'opaque'])
})

const manyViews = (batch: number) =>
  `DO $$ BEGIN FOR i IN 1..400 LOOP EXECUTE format('CREATE VIEW v${batch}_%s AS SELECT id FROM t', i); END LOOP; END $$`

describe('with it a statement', () => {
  test.each([
    ...['select * from plain', 'select count(*) from app.plain where id = 1', 'table plain'],
    ...[
      'select good_sql(1)',
      'select public.good_sql(1, 2)',
      'select good_atomic(1)',
      'select good_return(1)',
      'select good_recursive(3)',
    ],
    ...["select upper('x')", 'select good_sum(id) from plain', 'select 1 === 1', 'select 1 operator(public.===) 1'],
    ...[
      'select * from good_view',
      'select * from good_views',
      'select * from app.good_view',
      'table good_materialized',
    ],
    ...['select * from good_typed', "select 'calm'::mood, 1::good_domain", "select '(calm,1)'::public.good_pair"],
    ...[
      'select * from good_guarded',
      'select * from good_parted',
      'select * from good_indexed',
      'select p.half from plain p',
    ],
    ...['select * from pg_class', 'select relname from pg_catalog.pg_stat_user_tables'],
    ...[
      'select p.name from plain p',
      'select plain from plain',
      'with good_view as (select 1) select * from good_view',
    ],
    ...['copy plain to stdout', 'explain select * from good_view', 'values (1), (2)', 'select last_value from counter'],
  ])('only reads: %s', (text) => {
    expect([facts(text).because, facts(text).facts.readOnly]).toEqual([[], true])
  })

  test.each([
    ...['select bad_sql()', 'select public.bad_sql()', 'select bad_nested()', 'select bad_plpgsql()'],
    ...['select bad_default()', 'select bad_setting()', 'select bad_atomic()', 'select bad_sum(id) from plain'],
    ...["select lower('x')", "select public.lower('x')", 'select name from plain order by lower(name)'],
    ...['select "Odd ""one"""."Get It"()', 'select "Get It"()', 'select nowhere.f()', 'select f()'],
    ...["select 'a' ~~ 'b'", "select name from plain where name like 'a%'", "select 'a' operator(public.~~) 'b'"],
    ...['select * from bad_view', 'select * from bad_views', 'select 1 where exists (select from public.bad_view)'],
    ...['select * from bad_typed', 'select x from bad_typed', 'select 1::bad_domain', "select '(1)'::bad_pair"],
    ...['select row_to_json(b) from bad_cast b', "select 'calm'::odd_mood", 'select bad_domain(1)'],
    ...[
      'select * from bad_guarded',
      'select * from bad_parent',
      'select * from bad_indexed',
      'select * from bad_checked',
    ],
    ...['select * from bad_foreign', 'select p.twice from plain p', 'select (p).twice from plain p'],
    ...['copy bad_view to stdout', 'explain select * from bad_view', 'declare c cursor for select * from bad_view'],
    ...['refresh materialized view good_materialized', 'prepare q as select bad_sql()'],
  ])('may do more: %s', (text) => {
    expect(facts(text).facts).toMatchObject({ standing: 'opaque', readOnly: false })
  })

  test('names relations that are not there: the snapshot may be old', () => {
    expect(facts('select * from nowhere, app.nothing, plain, pg_class').unknownRelations).toEqual([
      'app.nothing',
      'nowhere',
    ])
  })

  test('tells which function it is about', () => {
    expect(facts("select lower('x'), good_sql(1)").facts).toMatchObject({
      functions: ['good_sql', 'lower'],
      unknownFunctions: ['lower'],
    })
  })
})
