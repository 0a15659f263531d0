import { OPERATION_TYPES } from '../domain/event'
import { STATEMENT_KINDS } from '../domain/sql-facts'
import type { StatementTree } from './cedar'
import { contextPath } from './uses'

/** What facts call the things that are created, altered and dropped. */
export const OBJECT_KINDS = [
  ...['access-method', 'aggregate', 'cast', 'collation', 'column', 'conversion', 'database', 'default-privileges'],
  ...['domain', 'event-trigger', 'extension', 'foreign-data-wrapper', 'foreign-server', 'foreign-table', 'function'],
  ...['index', 'language', 'largeobject', 'materialized-view', 'operator', 'operator-class', 'operator-family'],
  ...['policy', 'procedure', 'publication', 'role', 'routine', 'rule', 'schema', 'sequence', 'statistics'],
  ...['subscription', 'table', 'tablespace', 'text-search-configuration', 'text-search-dictionary'],
  ...['text-search-parser', 'text-search-template', 'transform', 'trigger', 'type', 'user-mapping', 'view'],
] as const

/** Parts of the context that only ever hold these words: any other word is a slip, and would make a policy that never applies. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  type: OPERATION_TYPES,
  'sql.standing': ['clear', 'opaque', 'unparsed'],
  'sql.kinds': STATEMENT_KINDS,
  'sql.unfiltered': ['update', 'delete'],
  'sql.objects': OBJECT_KINDS,
}
const COMPARISONS = ['==', '!=', 'contains', 'containsAny', 'containsAll'] as const

/** What is wrong with the words of a statement. */
export function unknownWords({ conditions }: Pick<StatementTree, 'conditions'>): readonly string[] {
  const found = new Set<string>()
  collect(conditions, found)
  return [...found]
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  for (const comparison of COMPARISONS) {
    const sides = (node as Record<string, unknown>)[comparison]
    if (typeof sides !== 'object' || sides === null || !('left' in sides) || !('right' in sides)) continue
    check(sides.left, sides.right, found)
    check(sides.right, sides.left, found)
  }
  for (const value of Object.values(node)) collect(value, found)
}

/** `part`, if it is one of the context, against the words that `literal` spells out. */
function check(part: unknown, literal: unknown, found: Set<string>): void {
  const path = contextPath(part)?.join('.')
  const known = path === undefined ? undefined : WORDS[path]
  if (known === undefined) return
  for (const word of wordsOf(literal)) {
    if (known.includes(word)) continue
    const near = known.find((one) => isNear(one, word))
    const wayOut = near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`
    found.add(`context.${path} never has ${JSON.stringify(word)}: ${wayOut}`)
  }
}

function wordsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  if ('Value' in node) return typeof node.Value === 'string' ? [node.Value] : []
  return 'Set' in node && Array.isArray(node.Set) ? node.Set.flatMap(wordsOf) : []
}

/** Alike but for a letter more, less or other, or for how it is written. */
function isNear(known: string, word: string): boolean {
  const plain = word.toLowerCase().replaceAll(/[\s_]/g, '-')
  if (plain === known) return true
  let start = 0
  while (start < known.length && known[start] === plain[start]) start++
  let end = 0
  while (end < Math.min(known.length, plain.length) - start && known.at(-1 - end) === plain.at(-1 - end)) end++
  return Math.max(known.length, plain.length) - start - end <= 1
}
