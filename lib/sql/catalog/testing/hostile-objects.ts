/** A small database whose names mean nothing but what they seem to: relations, views, types and functions that read and compute. */
export const HONEST_OBJECTS = `
CREATE SEQUENCE s;
CREATE TABLE t (id int PRIMARY KEY, name varchar, tags text[], at timestamptz, data jsonb);
CREATE VIEW v AS SELECT id, upper(name) AS name, count(*) OVER () FROM t WHERE name ~ '\\d';
CREATE VIEW v2 AS SELECT v.*, r.relname FROM v JOIN pg_catalog.pg_class r ON r.oid = v.id;
CREATE MATERIALIZED VIEW m AS SELECT * FROM v;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b mood);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE typed (m mood, p pair, d short, r span, ms mood[], mr span_multirange);
CREATE FUNCTION plus_one(i int) RETURNS int LANGUAGE sql RETURN i + 1;
CREATE FUNCTION twice(i int DEFAULT abs(-1)) RETURNS int LANGUAGE sql AS 'SELECT i * 2';
CREATE FUNCTION factorial_of(i int) RETURNS int LANGUAGE sql AS 'SELECT CASE WHEN i < 2 THEN 1 ELSE i * factorial_of(i - 1) END';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TABLE parent (a int);
CREATE TABLE child (b mood) INHERITS (parent);
CREATE TABLE parted (a int) PARTITION BY RANGE (a);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE guarded (owner text, line text);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (owner = current_user AND current_setting('app.x', true) IS NULL);
INSERT INTO t SELECT i, 'name ' || i, ARRAY['a', 'b'], timestamptz '2026-01-01' + i * interval '1 day', '{"a": 1}' FROM generate_series(1, 20) i;
INSERT INTO typed VALUES ('ok', (1, 'sad'), 'x', '[1,2)', '{ok}', '{[1,2)}');
INSERT INTO child VALUES (1, 'ok');
INSERT INTO parted VALUES (1);
INSERT INTO guarded VALUES (current_user, 'x');
REFRESH MATERIALIZED VIEW m;
`

/**
 * What somebody may have made so that reading it changes something: `evil` and what calls it advance the sequence `public.s`, whatever they
 * are declared to be. A check that must not change anything itself sets `test.idle` to on.
 */
export const HOSTILE_OBJECTS = `
CREATE TABLE log (line text);
CREATE FUNCTION evil(anyelement) RETURNS anyelement LANGUAGE plpgsql IMMUTABLE AS 'BEGIN
  IF current_setting(''test.idle'', true) IS DISTINCT FROM ''on'' THEN PERFORM nextval(''public.s''); END IF; RETURN $1; END';
CREATE FUNCTION evil_bool(anyelement) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM public.evil(1); RETURN true; END';
CREATE VIEW v_next AS SELECT nextval('s');
CREATE VIEW v_evil AS SELECT evil(id) FROM t;
CREATE VIEW v_deep AS SELECT * FROM (SELECT * FROM v_evil) x;
CREATE VIEW v_sleep AS SELECT pg_sleep(1)::text;
CREATE MATERIALIZED VIEW m_evil AS SELECT evil(1) WITH NO DATA;
CREATE SCHEMA a;
CREATE FUNCTION a.lower(varchar) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN public.evil($1); END';
CREATE FUNCTION evil_plus(text, int) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN public.evil($1); END';
CREATE OPERATOR a.+ (FUNCTION = evil_plus, LEFTARG = text, RIGHTARG = int) ;
CREATE TABLE indexed (a int);
CREATE INDEX ON indexed (a) WHERE evil_bool(1);
CREATE TABLE checked (a int CHECK (evil_bool(1)));
CREATE TABLE keyed (a int) PARTITION BY RANGE ((evil(a)));
CREATE TABLE counted (a int, b int);
CREATE STATISTICS counted_stats ON (evil(a)), b FROM counted;
CREATE TABLE policed (a int);
ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON policed USING (evil_bool(a));
CREATE DOMAIN bad AS text CHECK (evil_bool(VALUE));
CREATE TABLE bad_column (x bad, y int);
CREATE TYPE bad_pair AS (a int, b bad);
CREATE TABLE bad_pairs (x bad_pair[]);
CREATE TYPE bad_enum AS ENUM ('a');
CREATE FUNCTION to_text(bad_enum) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN public.evil(''x''::text); END';
CREATE CAST (bad_enum AS text) WITH FUNCTION to_text(bad_enum) AS IMPLICIT;
CREATE TABLE bad_enums (x bad_enum);
CREATE TABLE cast_row (x int);
CREATE FUNCTION to_json_row(cast_row) RETURNS json LANGUAGE plpgsql AS 'BEGIN PERFORM public.evil(1); RETURN ''1''; END';
CREATE CAST (cast_row AS json) WITH FUNCTION to_json_row(cast_row);
CREATE TYPE bad_span AS RANGE (subtype = bad);
CREATE TABLE bad_parent (a int);
CREATE TABLE bad_child (b bad_enum) INHERITS (bad_parent);
CREATE FUNCTION sql_evil(int) RETURNS int LANGUAGE sql AS 'SELECT evil($1)';
CREATE FUNCTION sql_insert() RETURNS void LANGUAGE sql AS 'INSERT INTO log VALUES (''x'')';
CREATE FUNCTION sql_config() RETURNS text LANGUAGE sql AS 'SELECT set_config(''role'', ''x'', false)';
CREATE VIEW v_config AS SELECT set_config('search_path', 'a', false);
CREATE FUNCTION sql_atomic() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO log VALUES ('x'); END;
CREATE FUNCTION sql_default(a int DEFAULT evil(1)) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION sql_reads() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';
CREATE FUNCTION sql_set() RETURNS int LANGUAGE sql SET search_path = a AS 'SELECT 1';
CREATE FUNCTION sql_domain(text) RETURNS bad LANGUAGE sql AS 'SELECT $1::bad';
CREATE FUNCTION evil_plus_int(int, int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN public.evil($1); END';
CREATE AGGREGATE bad_total(int) (SFUNC = evil_plus_int, STYPE = int);
CREATE AGGREGATE large(bytea) (SFUNC = lowrite, STYPE = int, INITCOND = '0');
CREATE FUNCTION area(t) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN public.evil(1); END';
CREATE FUNCTION both_names(int, int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN public.evil(1); END';
CREATE FUNCTION pg_catalog.added(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN public.evil(1); END';
CREATE FUNCTION sleepy(int) RETURNS int LANGUAGE internal AS 'pg_advisory_lock_int8';
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER w FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE far (a int) SERVER w;
CREATE TABLE near_far (a int) PARTITION BY LIST (a);
CREATE FOREIGN TABLE far_part PARTITION OF near_far FOR VALUES IN (1) SERVER w;

SET test.idle = on;
INSERT INTO log VALUES ('x');
INSERT INTO indexed VALUES (1);
INSERT INTO checked VALUES (1);
INSERT INTO counted VALUES (1, 1);
INSERT INTO policed VALUES (1);
INSERT INTO bad_column VALUES ('x', 1);
INSERT INTO bad_pairs VALUES (ARRAY[(1, 'x')::bad_pair]);
INSERT INTO bad_enums VALUES ('a');
INSERT INTO cast_row VALUES (1);
INSERT INTO bad_child VALUES (1, 'a');
RESET test.idle;
`
