/**
 * The text that fetches a snapshot, in one simple query: for PostgreSQL 13 to 18, with the rights that everybody has. Its last result
 * but one has one column, `item`: one JSON array a row, first its kind, as `snapshot.ts` reads them. Whoever runs it does so over a connection
 * of its own, not within somebody's session: it reads what is committed.
 */
export function catalogQuery(serverVersion: number): string {
  const major = Math.floor(serverVersion / 10_000)
  const parts = [GENERAL, RELATIONS, routines(major), OPERATORS, TYPES, CASTS, SORTING, HIDDEN, WRITING]
  return `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path TO '';
SET LOCAL quote_all_identifiers TO off;
SET LOCAL jit TO off;
WITH ${SHARED(major)}
${parts.join('\nUNION ALL\n')};
COMMIT`
}

/** The last transaction that made the server's own functions and views, by major version; later ones altered them. */
const MADE_BY: Readonly<Record<number, number>> = { 13: 460, 14: 708, 15: 700, 16: 706, 17: 714, 18: 728 }

/** A row of the server's own that is no longer as it was installed. Of a version that is not known, every row counts as altered. */
function altered(major: number): string {
  return String(MADE_BY[major] ?? 0)
}

/** Characters of bodies that are looked into for words. */
const MOST_BODIES = 2 * 1024 * 1024
/** Names may be written in a way that is not looked for. Also anything but printable ASCII. No pattern needs a backslash, whose meaning is a setting. */
const NOT_PLAIN = '[^ -~[:space:]]|""|[uU]&'
/** Words of a body, in lower case, without which nothing that it says itself changes what names mean, or what is set. */
const UNSETTLING =
  '(^|[^a-z0-9_$])(execute|create|alter|drop|call|import|load|copy|refresh|reindex|cluster|vacuum|analyze|security|schema|prepare|' +
  'set_config|reset|discard|search_path|role|authorization|names|client_encoding|standard_conforming_strings|ts_stat|ts_rewrite|' +
  '[a-z_]*_to_xml[a-z_]*|do(?![[:space:]]+(nothing|update)($|[^a-z0-9_$]))|' +
  'pg_(?!catalog[^a-z0-9_$]|notify|advisory|typeof|trigger_depth|backend_pid)[a-z0-9_$]*)($|[^a-z0-9_$])'

/** To print a definition the server locks what it names, all at once: no more than a part of what it has room for. */
const LOCKS =
  "pg_catalog.current_setting('max_locks_per_transaction')::int8 * pg_catalog.current_setting('max_connections')::int8 / 3"

/**
 * `busy`: what is locked, and what is defined by that: to read its definition would wait for the lock, so it has none. `unread`: what
 * is too much. `types`: of a type that is not the server's own, or an array of one, the type itself. `func(oid)`: see `func`.
 */
const SHARED = (major: number): string => `
made(by_transaction) AS (VALUES (${altered(major)}::int8)),
locked AS MATERIALIZED (
  SELECT l.relation FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL),
defined AS (
  SELECT coalesce(w.ev_class, d.objid) AS oid, count(DISTINCT d.refobjid) + 1 AS locks
  FROM pg_catalog.pg_depend d LEFT JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass) GROUP BY 1),
unread AS (SELECT s.oid FROM (SELECT d.oid, sum(d.locks) OVER (ORDER BY d.oid) AS locks FROM defined d) AS s WHERE s.locks > ${LOCKS}),
busy AS MATERIALIZED (
  SELECT l.relation AS oid FROM locked l
  UNION SELECT u.oid FROM unread u
  UNION SELECT coalesce(w.ev_class, d.objid) FROM pg_catalog.pg_depend d JOIN locked l ON l.relation = d.refobjid
    LEFT JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass)),
own_types AS MATERIALIZED (
  SELECT t.oid, coalesce(e.oid, t.oid) AS type
  FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid WHERE t.oid >= 16384),
types_of_routine AS (
  SELECT r.oid AS routine, array_agg(DISTINCT u.type::int8 ORDER BY u.type::int8) AS types
  FROM pg_catalog.pg_proc r, pg_catalog.unnest(coalesce(r.proallargtypes, r.proargtypes::oid[]) || r.prorettype) AS g(type)
  JOIN own_types u ON u.oid = g.type GROUP BY r.oid),
types_of_operator AS (
  SELECT o.oid AS operator, array_agg(DISTINCT u.type::int8 ORDER BY u.type::int8) AS types
  FROM pg_catalog.pg_operator o, pg_catalog.unnest(ARRAY[o.oprleft, o.oprright, o.oprresult]) AS g(type)
  JOIN own_types u ON u.oid = g.type GROUP BY o.oid),
types_of_type AS (
  SELECT g.made, array_agg(DISTINCT u.type::int8 ORDER BY u.type::int8) AS types
  FROM (SELECT t.oid AS made, t.typbasetype AS type FROM pg_catalog.pg_type t WHERE t.typbasetype <> 0
    UNION ALL SELECT r.rngtypid, r.rngsubtype FROM pg_catalog.pg_range r
    ${major >= 14 ? 'UNION ALL SELECT r.rngmultitypid, r.rngtypid FROM pg_catalog.pg_range r' : ''}
    UNION ALL SELECT c.reltype, a.atttypid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      WHERE c.relkind = 'c') AS g
  JOIN own_types u ON u.oid = g.type WHERE u.type <> g.made GROUP BY g.made),
code AS (
  SELECT coalesce(i.indrelid, k.conrelid, x.stxrelid, d.objid) AS relation, coalesce(o.oprcode::oid, f.amproc::oid, d.refobjid) AS func
  FROM pg_catalog.pg_depend d
  LEFT JOIN pg_catalog.pg_index i ON d.classid = 'pg_catalog.pg_class'::regclass AND i.indexrelid = d.objid
  LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_catalog.pg_statistic_ext x ON d.classid = 'pg_catalog.pg_statistic_ext'::regclass AND x.oid = d.objid
  LEFT JOIN pg_catalog.pg_operator o ON d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
  LEFT JOIN pg_catalog.pg_opclass c ON d.refclassid = 'pg_catalog.pg_opclass'::regclass AND c.oid = d.refobjid
  LEFT JOIN pg_catalog.pg_amproc f ON f.amprocfamily = c.opcfamily
  WHERE d.refobjid >= 16384
    AND d.refclassid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_opclass'::regclass)
    AND d.classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass,
      'pg_catalog.pg_statistic_ext'::regclass)),
code_of AS (SELECT relation, array_agg(DISTINCT func ORDER BY func) AS funcs FROM code GROUP BY relation),
columns_of AS (
  SELECT a.attrelid AS relation, array_agg(DISTINCT u.type::int8 ORDER BY u.type::int8) AS types
  FROM pg_catalog.pg_attribute a JOIN own_types u ON u.oid = a.atttypid WHERE NOT a.attisdropped GROUP BY a.attrelid),
parents_of AS (
  SELECT inhrelid AS relation, array_agg(inhparent::int8 ORDER BY inhparent) AS parents FROM pg_catalog.pg_inherits GROUP BY inhrelid),
bodies AS (
  SELECT r.oid, r.prosrc, sum(pg_catalog.length(r.prosrc)) OVER (ORDER BY r.oid) AS so_far
  FROM pg_catalog.pg_proc r JOIN pg_catalog.pg_language l ON l.oid = r.prolang
  WHERE r.oid >= 16384 AND l.lanname IN ('plpgsql', 'sql') AND pg_catalog.length(r.prosrc) < 20000),
plain_bodies AS (
  SELECT b.oid, pg_catalog.lower(b.prosrc COLLATE "C") AS folded, b.prosrc FROM bodies b
  WHERE b.so_far < ${MOST_BODIES} AND b.prosrc !~ '${NOT_PLAIN}'),
quiet_bodies AS MATERIALIZED (SELECT b.oid, b.folded, b.prosrc FROM plain_bodies b WHERE b.folded !~ '${UNSETTLING}'),
mentions_of AS (
  SELECT q.oid AS routine, array_agg(DISTINCT q.word ORDER BY q.word) AS words
  FROM (SELECT b.oid, pg_catalog.left(m[1], 63) AS word FROM quiet_bodies b, pg_catalog.regexp_matches(b.folded, '([a-z0-9_$]+)', 'g') AS m
    UNION SELECT b.oid, pg_catalog.left(m[1], 63) FROM quiet_bodies b, pg_catalog.regexp_matches(b.prosrc, '"([^"]+)"', 'g') AS m) AS q
  JOIN (SELECT r.proname::text AS name FROM pg_catalog.pg_proc r WHERE r.oid >= 16384
    UNION SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S')) AS k
    ON k.name = q.word
  GROUP BY q.oid),
policies_of AS (
  SELECT polrelid AS relation, array_agg(CASE WHEN polrelid IN (SELECT oid FROM busy) THEN '?'
    ELSE pg_catalog.pg_get_expr(polqual, polrelid) END ORDER BY oid) AS quals
  FROM pg_catalog.pg_policy WHERE polqual IS NOT NULL GROUP BY polrelid)`

/** A function by its number, or by its name where it is the server's own. */
const func = (oid: string): string =>
  `CASE WHEN ${oid}::oid >= 16384 THEN pg_catalog.to_json(${oid}::oid::int8)
    ELSE (SELECT pg_catalog.to_json(q.proname) FROM pg_catalog.pg_proc q WHERE q.oid = ${oid}::oid) END`

const array = (items: string, from: string): string =>
  `coalesce((SELECT pg_catalog.json_agg(${items}) FROM ${from}), '[]'::json)`

const GENERAL = `
SELECT pg_catalog.json_build_array('general', pg_catalog.current_setting('server_version_num')::int4,
  pg_catalog.current_setting('server_encoding')) AS item`

const RELATIONS = `
SELECT pg_catalog.json_build_array('relation', c.oid::int8, n.nspname, c.relname, c.relkind, c.reltype::int8,
  coalesce(pg_catalog.to_json(l.types), '[]'), coalesce(pg_catalog.to_json(p.parents), '[]'),
  ${array(func('g.f'), 'pg_catalog.unnest(k.funcs) AS g(f) WHERE g.f <> 0')},
  CASE WHEN c.relkind IN ('v', 'm') AND c.oid NOT IN (SELECT oid FROM busy) THEN pg_catalog.pg_get_viewdef(c.oid) END,
  CASE WHEN c.relrowsecurity THEN pg_catalog.to_json(s.quals) END)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN columns_of l ON l.relation = c.oid
LEFT JOIN parents_of p ON p.relation = c.oid
LEFT JOIN code_of k ON k.relation = c.oid
LEFT JOIN policies_of s ON s.relation = c.oid
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') AND (c.oid >= 16384 OR c.relkind = 'v' AND EXISTS (
  SELECT FROM pg_catalog.pg_rewrite w, made
  WHERE w.ev_class = c.oid AND w.xmin::text::int8 > made.by_transaction))`

const SQL_BODY = `CASE WHEN r.prosqlbody IS NULL THEN r.prosrc
        WHEN r.oid NOT IN (SELECT oid FROM busy) THEN pg_catalog.pg_get_function_sqlbody(r.oid) END`

/** An aggregate is what its functions are; any other function what its language and source are. */
const routines = (major: number): string => `
SELECT pg_catalog.json_build_array('routine', r.oid::int8, n.nspname, r.proname,
  r.pronargs > 0 AND r.pronargs - r.pronargdefaults <= 1, l.lanname,
  CASE WHEN r.proconfig IS NOT NULL AND l.lanname = 'sql' THEN NULL
    WHEN l.lanname = 'c' THEN r.probin || ' ' || r.prosrc
    WHEN l.lanname = 'internal' THEN r.prosrc
    WHEN l.lanname = 'sql' AND pg_catalog.length(r.prosrc) < 10000
      THEN ${major >= 14 ? SQL_BODY : 'r.prosrc'} END,
  CASE WHEN r.pronargdefaults > 0 THEN pg_catalog.pg_get_expr(r.proargdefaults, 0) END,
  coalesce(pg_catalog.to_json(y.types), '[]'),
  ${array(
    func('g.f'),
    `pg_catalog.pg_aggregate a, pg_catalog.unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn,
      a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) AS g(f) WHERE a.aggfnoid = r.oid AND g.f <> 0`,
  )},
  CASE WHEN r.oid IN (SELECT oid FROM quiet_bodies) THEN coalesce(pg_catalog.to_json(i.words), '[]') END)
FROM pg_catalog.pg_proc r
JOIN pg_catalog.pg_namespace n ON n.oid = r.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = r.prolang
LEFT JOIN types_of_routine y ON y.routine = r.oid
LEFT JOIN mentions_of i ON i.routine = r.oid
CROSS JOIN made
WHERE r.oid >= 16384 OR r.xmin::text::int8 > made.by_transaction`

/** What runs when rows are written: triggers, defaults, rules, and writing elsewhere by a foreign key. */
const WRITING = `
SELECT pg_catalog.json_build_array('trigger', t.tgrelid::int8, ${func('t.tgfoid')}) FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal
UNION ALL
SELECT pg_catalog.json_build_array('trigger', a.adrelid::int8, ${func('d.refobjid')})
FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef a ON a.oid = d.objid
WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid >= 16384
UNION ALL
SELECT pg_catalog.json_build_array('rule', w.ev_class::int8) FROM pg_catalog.pg_rewrite w WHERE w.oid >= 16384 AND w.ev_type <> '1'
UNION ALL
SELECT DISTINCT ON (k.confrelid, k.conrelid) pg_catalog.json_build_array('cascade', k.confrelid::int8, k.conrelid::int8)
FROM pg_catalog.pg_constraint k
WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))
UNION ALL
SELECT pg_catalog.json_build_array('event trigger', e.evtname) FROM pg_catalog.pg_event_trigger e WHERE e.evtenabled <> 'D'`

const OPERATORS = `
SELECT pg_catalog.json_build_array('operator', n.nspname, o.oprname, ${func('o.oprcode')},
  coalesce(pg_catalog.to_json(y.types), '[]'))
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
LEFT JOIN types_of_operator y ON y.operator = o.oid
WHERE o.oid >= 16384`

/** A type that is listed: not the server's own, no array and no row of a table. */
const JUDGED_TYPE = `t.oid >= 16384 AND (t.typrelid = 0 OR c.relkind = 'c')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`

/** Functions by which a type is read, shown, compared and hashed, the types it is made of, and the checks of a domain. */
const TYPES = `
SELECT pg_catalog.json_build_array('type', t.oid::int8, n.nspname, t.typname, t.typtype,
  coalesce(pg_catalog.to_json(y.types), '[]'),
  ${array(
    func('g.f'),
    `(SELECT v.f FROM pg_catalog.unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout]::oid[])
        AS v(f) WHERE t.typtype = 'b' AND v.f <> 0
      UNION SELECT v.f FROM pg_catalog.pg_range r, pg_catalog.unnest(ARRAY[r.rngcanonical, r.rngsubdiff]::oid[]) AS v(f)
        WHERE r.rngtypid = t.oid AND v.f <> 0
      UNION SELECT p.amproc::oid FROM pg_catalog.pg_range r JOIN pg_catalog.pg_opclass c ON c.oid = r.rngsubopc
        JOIN pg_catalog.pg_amproc p ON p.amprocfamily = c.opcfamily WHERE r.rngtypid = t.oid AND c.oid >= 16384
      UNION SELECT p.amproc::oid FROM pg_catalog.pg_amproc p WHERE t.oid IN (p.amproclefttype, p.amprocrighttype)
      UNION SELECT p.amproc::oid FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_amproc p ON p.amprocfamily = c.opcfamily
        WHERE c.opcintype = t.oid
      UNION SELECT o.oprcode::oid FROM pg_catalog.pg_amop m JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
        WHERE t.oid IN (m.amoplefttype, m.amoprighttype) AND o.oid >= 16384
      UNION SELECT o.oprcode::oid FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_amop m ON m.amopfamily = c.opcfamily
        JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr WHERE c.opcintype = t.oid AND o.oid >= 16384) AS g`,
  )},
  ${array('pg_catalog.pg_get_constraintdef(k.oid) ORDER BY k.conname', "pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'")})
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
LEFT JOIN types_of_type y ON y.made = t.oid
WHERE ${JUDGED_TYPE}`

const CASTS = `
SELECT pg_catalog.json_build_array('cast', s.castsource::int8, s.casttarget::int8, ${func('s.castfunc')})
FROM pg_catalog.pg_cast s WHERE s.oid >= 16384 AND s.castfunc <> 0`

/** Functions that sort, compare and hash what is no type of the list above: the server's own, arrays and rows of tables. */
const SORTING = `
SELECT pg_catalog.json_build_array('everywhere', 'sorting', ${func('g.f')})
FROM (SELECT p.amproc::oid AS f, p.amprocfamily AS family, p.amproclefttype AS l, p.amprocrighttype AS r
    FROM pg_catalog.pg_amproc p WHERE p.oid >= 16384
  UNION SELECT o.oprcode::oid, m.amopfamily, m.amoplefttype, m.amoprighttype
    FROM pg_catalog.pg_amop m JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr WHERE m.oid >= 16384) AS g
JOIN pg_catalog.pg_opfamily y ON y.oid = g.family
JOIN pg_catalog.pg_am a ON a.oid = y.opfmethod AND a.amname IN ('btree', 'hash')
WHERE g.f <> 0 AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE t.oid IN (g.l, g.r) AND ${JUDGED_TYPE})`

/** Functions that text search and the conversion of encodings call without anybody naming them. */
const HIDDEN = `
SELECT pg_catalog.json_build_array('everywhere', 'text search', ${func('g.f')})
FROM (SELECT pg_catalog.unnest(ARRAY[tmplinit, tmpllexize]::oid[]) AS f FROM pg_catalog.pg_ts_template WHERE oid >= 16384
  UNION SELECT pg_catalog.unnest(ARRAY[prsstart, prstoken, prsend, prsheadline]::oid[]) FROM pg_catalog.pg_ts_parser WHERE oid >= 16384) AS g
WHERE g.f <> 0
UNION ALL
SELECT pg_catalog.json_build_array('everywhere', 'conversion', ${func('v.conproc')})
FROM pg_catalog.pg_conversion v WHERE v.oid >= 16384 AND v.condefault`
