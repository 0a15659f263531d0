import { canonicalJson, type Json } from '#lib/crypto/canonical'
import type { SqlFacts, StatementKind } from '#lib/domain/sql-facts'
import type { FactsOf } from '#lib/sql/facts'
import type { StatementFacts } from '#lib/sql/statement-facts'
import type { TouchedNames } from '#lib/sql/touched-names'

const KINDS: Readonly<Record<string, StatementKind>> = { declare: 'cursor', fetch: 'cursor' }

/** `prepare NAME`, `deallocate NAME`, `declare NAME` touch that name. */
function touched(text: string): TouchedNames | null {
  const [, verb, name = ''] = /^(prepare|deallocate|declare) (\w+)/.exec(text) ?? []
  if (verb === undefined) return null
  return verb === 'declare' ? { statements: [], portals: [name] } : { statements: [name], portals: [] }
}

function known(text: string, standing: SqlFacts['standing']): StatementFacts {
  const statements = text.split(';').filter((part) => part.trim() !== '').length
  const first = /^[a-z]+/i.exec(text)?.[0].toLowerCase() ?? ''
  const readOnly = standing === 'clear' && /^select[^;]*;?$/i.test(text)
  const facts: SqlFacts = {
    ...{ standing, readOnly, statements, kinds: [KINDS[first] ?? (first as StatementKind)] },
    ...{ reads: [], writes: [], columns: [], functions: [], unknownFunctions: [], unfiltered: [], objects: [] },
    settings: text.split(';').flatMap((part) => /^\s*set (\w+)/.exec(part)?.[1] ?? []),
  }
  const json = canonicalJson(facts as unknown as Json)
  return {
    ...{ facts, json, key: json, fingerprint: null, effect: readOnly ? 'read' : 'write', statements },
    ...{ parsed: standing !== 'unparsed', touches: touched(text), runs: null, unknownRelations: [], because: [] },
    unsettles: standing !== 'clear',
  }
}

const cache = new Map<string, StatementFacts>()

/**
 * Facts for tests that are not about facts, so that their statements may be as short as `update t`: what begins with `select` reads,
 * all else writes; `call` runs code; statements are what semicolons part.
 */
export const fakeFacts: FactsOf = Object.assign(
  (text: string) => {
    const facts = cache.get(text) ?? known(text, text.startsWith('call') ? 'opaque' : 'clear')
    cache.set(text, facts)
    return facts
  },
  {
    unreadable: (bytes: string) => known(bytes, 'unparsed'),
    doubted: (_: StatementFacts, text: string) => known(text, 'opaque'),
  },
)
