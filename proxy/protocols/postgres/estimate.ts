import { z } from 'zod'
import type { RowEstimate } from '#lib/domain/review'
import type { StatementKind } from '#lib/domain/sql-facts'
import type { StatementFacts } from '#lib/sql/statement-facts'
import type { Operation } from '#proxy/core/ports'
import { bindMessage, executeMessage, parseMessage } from './codec/ask'
import { syncMessage } from './codec/encode'
import { cstring, message } from './handshake-messages'
import { askBeside, type SideParts, type SideResults, type SideSession } from './side-session'

/** A statement that is held, as the session would run it. */
export interface Estimable {
  readonly text: string
  readonly types: readonly number[]
  readonly values: readonly (string | Uint8Array | null)[]
  /** `search_path` as the session has it, and the role in force. */
  readonly searchPath: string
  readonly role: string
}

const WITHIN_MS = 5_000
const MOST_BYTES = 4 * 1024 * 1024

const BEGIN = 'BEGIN READ ONLY; SET LOCAL statement_timeout TO 2000; SET LOCAL lock_timeout TO 500'
const SETTINGS = "SELECT pg_catalog.set_config('search_path', $1, true), pg_catalog.set_config('role', $2, true)"
const SIZE = `SELECT c.reltuples FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n
ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relname OPERATOR(pg_catalog.=) $2`
const TEXT_TYPES = [25, 25]
const NAME_TYPES = [19, 19]

const CHANGES: readonly StatementKind[] = ['update', 'delete', 'merge']
const PLANNED: ReadonlySet<StatementKind> = new Set<StatementKind>([
  ...CHANGES,
  'select',
  'insert',
  'select-for-update',
])

/** Whether planning it runs nothing whose effect is not known, and says how many rows it would touch. */
export function estimable({ facts }: StatementFacts): boolean {
  const { standing, statements, kinds, unknownFunctions } = facts
  if (standing !== 'clear' || statements !== 1 || unknownFunctions.length > 0) return false
  return kinds.some((kind) => CHANGES.includes(kind)) && kinds.every((kind) => PLANNED.has(kind))
}

/**
 * How many rows it would touch, as the target plans it: never run, in a read-only transaction beside the session. null when the
 * target does not say.
 */
export async function estimateRows(parts: SideParts, statement: Estimable): Promise<RowEstimate | null> {
  try {
    return await askBeside(parts, { withinMs: WITHIN_MS, mostBytes: MOST_BYTES }, (side) => explain(side, statement))
  } catch {
    return null
  }
}

async function explain(side: SideSession, statement: Estimable): Promise<RowEstimate | null> {
  const { text, types, values, searchPath, role } = statement
  await side.ask(query(BEGIN), message('Q', cstring(BEGIN)))
  await ask(side, SETTINGS, TEXT_TYPES, [searchPath, role])
  const [plan] = await ask(side, `EXPLAIN (FORMAT JSON, VERBOSE) ${text}`, types, values)
  const changes = changesIn(plan?.map(([line]) => line ?? '').join('\n') ?? '')
  const [first, ...others] = changes
  if (first === undefined) return null
  const rows = Math.round(changes.reduce((sum, change) => sum + change.rows, 0))
  const of = others.length > 0 ? null : await sizeOf(side, first)
  await side.leave()
  return { rows, of }
}

async function sizeOf(side: SideSession, { schema, relation }: Change): Promise<number | null> {
  const [found] = await ask(side, SIZE, NAME_TYPES, [schema, relation])
  const size = Number(found?.[0]?.[0] ?? Number.NaN)
  // -1: never analysed.
  return Number.isFinite(size) && size >= 0 ? Math.round(size) : null
}

function ask(
  side: SideSession,
  text: string,
  types: readonly number[],
  binds: readonly (string | Uint8Array | null)[],
): Promise<SideResults> {
  const operation = { ...query(text), type: 'execute', statement: '', portal: '', binds } as const
  const parts = [parseMessage('', text, types), bindMessage('', '', binds), executeMessage(''), syncMessage()]
  return side.ask(operation, Buffer.concat(parts))
}

function query(text: string): Operation {
  return { type: 'query', text, effect: 'read', facts: null, state: null }
}

interface Change {
  readonly schema: string
  readonly relation: string
  readonly rows: number
}

const node = z.object({
  'Node Type': z.string(),
  Operation: z.string().optional(),
  Schema: z.string().optional(),
  'Relation Name': z.string().optional(),
  'Parent Relationship': z.string().optional(),
  'Plan Rows': z.number(),
  get Plans() {
    return z.array(node).optional()
  },
})
type PlanNode = z.infer<typeof node>
const explained = z.tuple([z.object({ Plan: node })])

/** Updates, deletes and merges of a plan, wherever they stand in it. */
function changesIn(json: string): Change[] {
  const changes: Change[] = []
  const look = (at: PlanNode): void => {
    const { 'Node Type': type, Operation: operation, Plans: inner = [] } = at
    if (type === 'ModifyTable' && operation !== 'Insert') {
      const sources = inner.filter(({ 'Parent Relationship': as }) => as === 'Outer' || as === 'Member')
      const rows = sources.reduce((sum, source) => sum + source['Plan Rows'], 0)
      changes.push({ schema: at.Schema ?? '', relation: at['Relation Name'] ?? '', rows })
    }
    for (const each of inner) look(each)
  }
  look(explained.parse(JSON.parse(json))[0].Plan)
  return changes
}
