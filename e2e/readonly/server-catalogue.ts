import type postgres from 'postgres'
import { EXTENSIONS, HARMLESS_VOLATILE, isListed, NOT_HARMLESS } from './reviewed-functions'

/** What one server has of its own, and what of that is harmless. A name may be in both lists. */
export class ServerCatalogue {
  readonly functions = new Verdicts()
  readonly standardFunctions = new Verdicts()
  /** Functions that SQL cannot call: support functions, input and output. */
  readonly support = new Verdicts()
  /** What functions in the language `internal` are called in the server's code. */
  readonly symbols = new Verdicts()
  /** `library symbol` of extensions. */
  readonly extensions = new Verdicts()
  /** Not harmless, and to be called with one argument. */
  readonly callsOfOne = new Set<string>()
  readonly operators = new Set<string>()
  readonly types = new Set<string>()
  readonly standardTypes = new Set<string>()
}

/** Names that are harmless, unless anything else of that name is not. */
export class Verdicts {
  readonly #good = new Set<string>()
  readonly #bad = new Set<string>()

  add(name: string, harmless: boolean): void {
    ;(harmless ? this.#good : this.#bad).add(name)
  }

  get harmful(): ReadonlySet<string> {
    return this.#bad
  }

  get harmless(): Set<string> {
    return new Set([...this.#good].filter((name) => !this.#bad.has(name)))
  }
}

const FUNCTIONS = `
  SELECT n.nspname AS schema, p.proname AS name, p.prosrc AS source, l.lanname AS language, p.provolatile AS volatility,
    p.pronargs > 0 AND p.pronargs - p.pronargdefaults <= 1 AS of_one,
    p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'cstring'::regtype)
      OR EXISTS (SELECT FROM unnest(p.proargtypes) a WHERE a IN ('internal'::regtype, 'cstring'::regtype)) AS uncallable
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.oid < 16384 AND p.prokind <> 'p'`

const OPERATORS = `SELECT DISTINCT oprname AS name FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace`

const TYPES = `
  SELECT DISTINCT typnamespace = 'pg_catalog'::regnamespace AS own, typname AS name FROM pg_type t
  WHERE typnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND typtype <> 'p' AND typrelid = 0
     AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typrelid <> 0)
     OR typname IN ('record', 'void', 'unknown', 'anyelement', 'anyarray')`

const EXTENSION = `
  SELECT p.proname AS name, p.probin || ' ' || p.prosrc AS symbol, p.provolatile AS volatility,
    EXISTS (SELECT FROM unnest(p.proargtypes || p.prorettype) a WHERE a IN ('internal'::regtype, 'cstring'::regtype)) AS uncallable
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
  WHERE e.extname = $1`

interface FunctionRow {
  readonly schema: string
  readonly name: string
  readonly source: string
  readonly language: string
  readonly volatility: string
  readonly of_one: boolean
  readonly uncallable: boolean
}

function isHarmless(row: Pick<FunctionRow, 'name' | 'volatility'>): boolean {
  return !isListed(NOT_HARMLESS, row.name) && (row.volatility !== 'v' || isListed(HARMLESS_VOLATILE, row.name))
}

function addFunction(into: ServerCatalogue, row: FunctionRow): void {
  const harmless = isHarmless(row)
  if (row.language === 'internal') into.symbols.add(row.source, harmless)
  into.support.add(row.name, harmless)
  if (row.uncallable) return
  if (row.schema === 'information_schema') into.standardFunctions.add(row.name, harmless)
  else into.functions.add(row.name, harmless)
  if (!harmless && row.of_one) into.callsOfOne.add(row.name)
}

export async function addServer(into: ServerCatalogue, sql: postgres.Sql): Promise<void> {
  for (const row of await sql.unsafe<FunctionRow[]>(FUNCTIONS)) addFunction(into, row)
  for (const { name } of await sql.unsafe<{ name: string }[]>(OPERATORS)) into.operators.add(name)
  for (const { own, name } of await sql.unsafe<{ own: boolean; name: string }[]>(TYPES)) {
    if (own) into.types.add(name)
    else into.standardTypes.add(name)
  }
}

interface ExtensionRow {
  readonly name: string
  readonly symbol: string
  readonly volatility: string
  readonly uncallable: boolean
}

/** Looks at the reviewed extensions that the server has, in a transaction that is rolled back. */
export async function addExtensions(into: ServerCatalogue, sql: postgres.Sql): Promise<void> {
  for (const [name, { harmless = '', not = '' }] of Object.entries(EXTENSIONS)) {
    const installed = await sql`SELECT FROM pg_available_extensions WHERE name = ${name}`
    if (installed.length === 0) continue
    await sql`BEGIN`
    await sql.unsafe(`CREATE EXTENSION "${name}" CASCADE`)
    for (const row of await sql.unsafe<ExtensionRow[]>(EXTENSION, [name])) {
      const reviewed = row.uncallable || row.volatility !== 'v' || isListed(harmless.split(' '), row.name)
      into.extensions.add(row.symbol, reviewed && !isListed(not.split(' '), row.name))
    }
    await sql`ROLLBACK`
  }
}
