import type pg from 'pg'
import { sampleOf } from './samples'

const FUNCTIONS = `
  SELECT quote_ident(n.nspname) AS schema, quote_ident(p.proname) AS name, p.prokind AS kind,
    ARRAY(SELECT typname FROM unnest(p.proargtypes) WITH ORDINALITY a(type, at) JOIN pg_type t ON t.oid = a.type ORDER BY at)::text[] AS types,
    coalesce((SELECT aggnumdirectargs FROM pg_aggregate WHERE aggfnoid = p.oid AND aggkind <> 'n'), -1) AS direct
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind <> 'p' ORDER BY p.oid`
const OPERATORS = `
  SELECT quote_ident(n.nspname) AS schema, o.oprname AS name, l.typname AS left, r.typname AS right
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  LEFT JOIN pg_type l ON l.oid = o.oprleft JOIN pg_type r ON r.oid = o.oprright ORDER BY o.oid`
const CASTS = `
  SELECT s.typname AS source, quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS target
  FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget
  JOIN pg_namespace n ON n.oid = t.typnamespace ORDER BY c.oid`
const TYPES = `
  SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name, quote_ident(t.typname) AS bare
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype <> 'p' ORDER BY t.oid`
const RELATIONS = `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'f', 'p', 'S') ORDER BY oid`
const SETTINGS = `SELECT name, setting FROM pg_settings ORDER BY name`

interface FunctionRow {
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly types: readonly string[]
  readonly direct: number
}

/** Statements that use everything that a server has: each function, operator, cast, type, relation and setting, harmless or not. */
export async function sweep(client: pg.Client): Promise<string[]> {
  const rows = async <T extends object>(query: string): Promise<T[]> => (await client.query<T>(query)).rows
  const functions = await rows<FunctionRow>(FUNCTIONS)
  const operators = await rows<{ schema: string; name: string; left: string | null; right: string }>(OPERATORS)
  const casts = await rows<{ source: string; target: string }>(CASTS)
  const types = await rows<{ name: string; bare: string }>(TYPES)
  const relations = await rows<{ name: string }>(RELATIONS)
  const settings = await rows<{ name: string; setting: string }>(SETTINGS)
  return [
    ...functions.flatMap(callsOf),
    ...operators.flatMap(({ schema, name, left, right }) => {
      const operands = [left === null ? '' : sampleOf(left), sampleOf(right)]
      return operands.includes(null)
        ? []
        : [
            `SELECT ${operands[0]} ${name} ${operands[1]}`,
            `SELECT ${operands[0]} OPERATOR(${schema}.${name}) ${operands[1]}`,
          ]
    }),
    ...casts.map(({ source, target }) => `SELECT CAST(${sampleOf(source)} AS ${target})`),
    ...types.flatMap(({ name, bare }) => [
      `SELECT '1'::${name}, CAST('x' AS ${name})`,
      `SELECT '{}'::${name}`,
      `SELECT ${bare}('1')`,
      `SELECT * FROM json_to_record('{"a": "1"}') AS x(a ${name})`,
    ]),
    ...relations.flatMap(({ name }) => [
      `TABLE ${name}`,
      `SELECT count(*), max(x::text) FROM ${name} x`,
      `SELECT to_json(x) FROM ${name} x`,
      `EXPLAIN ANALYZE SELECT * FROM ${name}`,
      `EXPLAIN DELETE FROM ${name}`,
      `COPY ${name} TO STDOUT`,
      `LOCK TABLE ${name} IN ACCESS SHARE MODE`,
      `SELECT * FROM ${name} FOR KEY SHARE`,
    ]),
    ...settings.flatMap(({ name, setting }) => [
      `SHOW ${name}`,
      `SET ${name} = ${quote(setting)}`,
      `SET LOCAL ${name} TO DEFAULT`,
      `RESET ${name}`,
      `SELECT set_config(${quote(name)}, ${quote(setting)}, false)`,
    ]),
  ]
}

function callsOf({ schema, name, kind, types, direct }: FunctionRow): string[] {
  const args = types.map(sampleOf)
  if (args.includes(null)) return []
  const call = `${schema}.${name}`
  if (direct >= 0) {
    return [
      `SELECT ${call}(${args.slice(0, direct).join()}) WITHIN GROUP (ORDER BY ${args.slice(direct).join()}) FROM public.t`,
    ]
  }
  const list = args.length === 0 && kind === 'a' ? '*' : args.join(', ')
  if (kind === 'w') return [`SELECT ${call}(${list}) OVER (ORDER BY id) FROM public.t`]
  if (kind === 'a') return [`SELECT ${call}(${list}) FROM public.t`, `SELECT ${name}(${list}) OVER () FROM public.t`]
  const plain = [`SELECT ${call}(${list})`, `SELECT ${name}(${list})`, `SELECT * FROM ${name}(${list})`]
  const nulls = types.length > 0 ? [`SELECT ${call}(${types.map((type) => `NULL::${quoteType(type)}`).join()})`] : []
  const [only] = args
  const attributes =
    args.length === 1 ? [`SELECT (${only}).${name}`, `SELECT x.${name} FROM unnest(ARRAY[${only}]) x`] : []
  return [...plain, ...nulls, ...attributes]
}

const quoteType = (type: string): string => (type === 'any' || type.startsWith('any') ? 'int4' : `"${type}"`)
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`
