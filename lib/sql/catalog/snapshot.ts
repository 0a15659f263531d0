import { createHash } from 'node:crypto'
import { z } from 'zod'

/** A function: by its number where it is not the server's own, else by its name in pg_catalog. */
const functionRef = z.union([z.number().int(), z.string()])
export type FunctionRef = z.infer<typeof functionRef>

const oid = z.number().int()
const oids = z.array(oid)
const functionRefs = z.array(functionRef)

/** Rows of the query (query.ts), by their kind. */
const text = z.string()
const general = z.tuple([z.literal('general'), oid, text])
const relation = z.tuple([
  z.literal('relation'),
  oid,
  text,
  text,
  text,
  oid,
  oids,
  oids,
  functionRefs,
  text.nullable(),
  z.array(text).nullable(),
])
const routine = z.tuple([
  z.literal('routine'),
  oid,
  text,
  text,
  z.boolean(),
  text,
  text.nullable(),
  text.nullable(),
  oids,
  functionRefs,
  z.array(text).nullable(),
])
const operator = z.tuple([z.literal('operator'), text, text, functionRef.nullable(), oids])
const type = z.tuple([z.literal('type'), oid, text, text, text, oids, functionRefs, z.array(text.nullable())])
const cast = z.tuple([z.literal('cast'), oid, oid, functionRef])
const everywhere = z.tuple([z.literal('everywhere'), text, functionRef])
const trigger = z.tuple([z.literal('trigger'), oid, functionRef])
const rule = z.tuple([z.literal('rule'), oid])
const cascade = z.tuple([z.literal('cascade'), oid, oid])
const eventTrigger = z.tuple([z.literal('event trigger'), text])

export interface RelationRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** `r` table, `v` view, `m` materialized view, `f` foreign table, `p` partitioned table, `S` sequence. */
  readonly kind: string
  readonly rowType: number
  /** Types of its columns that are not the server's own. */
  readonly types: readonly number[]
  readonly parents: readonly number[]
  /** Functions that its indexes, constraints, statistics and partition key call. */
  readonly code: readonly FunctionRef[]
  /** Of a view or materialized view. */
  readonly definition: string | null
  /** Conditions of its row-level security; null without. */
  readonly policies: readonly string[] | null
}

export interface RoutineRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** It can be called with one argument. */
  readonly ofOne: boolean
  readonly language: string
  /** What it runs, as far as that can be judged: see `routines` in query.ts. */
  readonly source: string | null
  readonly defaults: string | null
  readonly types: readonly number[]
  /** Of an aggregate: its functions. */
  readonly uses: readonly FunctionRef[]
  /** Functions and relations that its text names, perhaps; null where it may do more than what it names does. */
  readonly mentions: readonly string[] | null
}

export interface OperatorRow {
  readonly schema: string
  readonly name: string
  readonly func: FunctionRef | null
  readonly types: readonly number[]
}

export interface TypeRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** `b` base, `c` composite, `d` domain, `e` enum, `r` range, `m` multirange. */
  readonly kind: string
  /** Types it is made of that are not the server's own. */
  readonly inner: readonly number[]
  /** Functions that read, show, compare, hash and convert it. */
  readonly uses: readonly FunctionRef[]
  /** Checks of a domain; null for one that could not be read. */
  readonly checks: readonly (string | null)[]
}

/** What a snapshot says, read. */
export interface CatalogRows {
  readonly serverVersion: number
  readonly encoding: string
  readonly relations: readonly RelationRow[]
  readonly routines: readonly RoutineRow[]
  readonly operators: readonly OperatorRow[]
  readonly types: readonly TypeRow[]
  /** Casts somebody made: source, target, function. */
  readonly casts: readonly (readonly [source: number, target: number, func: FunctionRef])[]
  /** Functions that may be called by anything, and on what occasion. */
  readonly everywhere: readonly (readonly [occasion: string, func: FunctionRef])[]
  /** What runs when a relation is written: functions of its triggers and defaults. */
  readonly triggers: readonly (readonly [relation: number, func: FunctionRef])[]
  /** Relations that are written by other rules than a table's. */
  readonly rules: readonly number[]
  /** Writing one relation may write another. */
  readonly cascades: readonly (readonly [from: number, to: number])[]
  /** What runs when objects are made, altered or dropped. */
  readonly eventTriggers: readonly string[]
}

/** Equal versions mean equal rows, in whatever order. */
export function catalogVersion(items: readonly string[]): string {
  const hash = createHash('sha256')
  for (const item of items.toSorted()) hash.update(item).update('\n')
  return hash.digest('base64url')
}

/** Reads what the query gave, row by row. Throws when it is not as it must be: then nothing is known. */
export class RowReader {
  readonly #rows = {
    relations: [] as RelationRow[],
    routines: [] as RoutineRow[],
    operators: [] as OperatorRow[],
    types: [] as TypeRow[],
    casts: [] as (readonly [number, number, FunctionRef])[],
    everywhere: [] as (readonly [string, FunctionRef])[],
    triggers: [] as (readonly [number, FunctionRef])[],
    rules: [] as number[],
    cascades: [] as (readonly [number, number])[],
    eventTriggers: [] as string[],
  }
  #server: Pick<CatalogRows, 'serverVersion' | 'encoding'> | null = null

  read(item: string): void {
    const row: unknown = JSON.parse(item)
    const kind: unknown = Array.isArray(row) ? row[0] : undefined
    const reader = typeof kind === 'string' && Object.hasOwn(this.#readers, kind) ? this.#readers[kind] : undefined
    if (!reader) throw new Error('a row of the catalog is of no known kind')
    reader(row)
  }

  rows(): CatalogRows {
    if (this.#server === null) throw new Error('the catalog does not say which server it is of')
    return { ...this.#server, ...this.#rows }
  }

  readonly #readers: Readonly<Record<string, (row: unknown) => void>> = {
    general: (row) => {
      const [, serverVersion, encoding] = general.parse(row)
      this.#server = { serverVersion, encoding }
    },
    relation: (row) => this.#rows.relations.push(relationRow(row)),
    routine: (row) => this.#rows.routines.push(routineRow(row)),
    operator: (row) => {
      const [, schema, operatorName, func, types] = operator.parse(row)
      this.#rows.operators.push({ schema, name: operatorName, func, types })
    },
    type: (row) => {
      const [, typeOid, schema, typeName, kind, inner, uses, checks] = type.parse(row)
      this.#rows.types.push({ oid: typeOid, schema, name: typeName, kind, inner, uses, checks })
    },
    cast: (row) => {
      const [, source, target, func] = cast.parse(row)
      this.#rows.casts.push([source, target, func])
    },
    everywhere: (row) => {
      const [, occasion, func] = everywhere.parse(row)
      this.#rows.everywhere.push([occasion, func])
    },
    trigger: (row) => {
      const [, relationOid, func] = trigger.parse(row)
      this.#rows.triggers.push([relationOid, func])
    },
    rule: (row) => this.#rows.rules.push(rule.parse(row)[1]),
    cascade: (row) => {
      const [, from, to] = cascade.parse(row)
      this.#rows.cascades.push([from, to])
    },
    'event trigger': (row) => this.#rows.eventTriggers.push(eventTrigger.parse(row)[1]),
  }
}

function relationRow(row: unknown): RelationRow {
  const [, ...fields] = relation.parse(row)
  const [relationOid, schema, relationName, kind, rowType, types, parents, code, definition, policies] = fields
  return { oid: relationOid, schema, name: relationName, kind, rowType, types, parents, code, definition, policies }
}

function routineRow(row: unknown): RoutineRow {
  const [, routineOid, schema, name, ofOne, language, source, defaults, types, uses, mentions] = routine.parse(row)
  return { oid: routineOid, schema, name, ofOne, language, source, defaults, types, uses, mentions }
}
