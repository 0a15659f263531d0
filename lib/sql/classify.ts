import { loadModule, parseSync } from 'libpg-query'
import type { Limits } from '../domain/limits'
import { foldNumbers } from './fold'
import { readsOnly } from './reads-only'
import { possiblyTouchedNames, type TouchedNames, touchedNames } from './touched-names'

export interface StatementFacts {
  /** `read` only for one plain SELECT (see reads-only); anything else, also what does not parse, is `write`. */
  readonly effect: 'read' | 'write'
  /** Statements in the text. Where the grammar does not understand it: an upper bound by its semicolons. */
  readonly statements: number
  /** False when the grammar does not understand the text. */
  readonly parsed: boolean
  /** Prepared statements and cursors that it makes or drops by SQL; null for nearly every text. */
  readonly touches: TouchedNames | null
}

/** Facts about a statement text. Pure but for its cache. */
export type Classify = (text: string) => StatementFacts

/** Characters of text the cache may hold, and the longest text worth a place in it. */
const CACHE_CHARACTERS = 4 * 1024 * 1024
const CACHED_LENGTH = 16 * 1024
/** What an entry costs besides its text, in characters. */
const ENTRY_COST = 200

type ClassifyLimits = Pick<Limits, 'statementBytes' | 'treeDepth' | 'treeNodes'>

function parse(text: string, limits: ClassifyLimits): StatementFacts {
  const unparsed = (): StatementFacts => ({
    effect: 'write',
    statements: text.split(';', 1_000).length,
    parsed: false,
    touches: possiblyTouchedNames(text),
  })
  if (text.length > limits.statementBytes || text.includes('\0')) return unparsed()
  // The parser refuses an empty text, which is a legal command that does nothing.
  if (text.length === 0) return { effect: 'write', statements: 0, parsed: true, touches: null }
  let statements: readonly { stmt?: unknown }[]
  try {
    statements = parseSync(text).stmts ?? []
  } catch {
    return unparsed()
  }
  const single = statements.length === 1 ? statements[0]?.stmt : undefined
  // A backslash means one thing or another by a setting of the session that the text does not show.
  const settled = !text.includes('\\')
  return {
    effect: settled && readsOnly(single, limits) ? 'read' : 'write',
    statements: statements.length,
    parsed: true,
    touches: touchedNames(statements),
  }
}

/**
 * Loads PostgreSQL's own grammar (WASM) and returns the classifier. One for a process: its cache, least recently used first out and
 * bounded by text, is what makes a hot statement cost less than a microsecond.
 */
export async function createClassifier(limits: ClassifyLimits): Promise<Classify> {
  await loadModule()
  const cache = new Map<string, StatementFacts>()
  let held = 0

  return (text) => {
    const key = foldNumbers(text)
    const hit = cache.get(key)
    if (hit !== undefined) {
      if (cache.size > 1_000) {
        cache.delete(key)
        cache.set(key, hit)
      }
      return hit
    }
    const facts = parse(text, limits)
    if (key.length > CACHED_LENGTH) return facts
    cache.set(key, facts)
    held += key.length + ENTRY_COST
    for (const [oldest] of cache) {
      if (held <= CACHE_CHARACTERS) break
      cache.delete(oldest)
      held -= oldest.length + ENTRY_COST
    }
    return facts
  }
}
