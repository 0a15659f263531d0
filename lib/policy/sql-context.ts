import type { SqlFacts } from '../domain/sql-facts'
import type { NameSpace } from './request'
import { type ContextUses, isUsed } from './uses'

/** Texts in the context of one statement; Cedar takes about 4 µs for each. A dump that locks 9,000 tables still passes. */
const MOST_TEXTS = 20_000

/**
 * Facts as policies see them: relations by each name that they go by, and lists that no policy looks at left out, for some are long.
 * null: there is more in it than can be judged.
 */
export function sqlContext(facts: SqlFacts, names: NameSpace, uses: ContextUses): Record<string, unknown> | null {
  const seen = withStanding(facts, names)
  const kept: Record<string, unknown> = {}
  let texts = 0
  for (const [fact, value] of Object.entries(seen)) {
    if (!isUsed(uses, `sql.${fact}`)) continue
    kept[fact] = fact === 'reads' || fact === 'writes' ? namesOf(facts[fact], names) : value
    if (Array.isArray(kept[fact])) texts += kept[fact].length
    if (texts > MOST_TEXTS) return null
  }
  return kept
}

/** Where it is not known which relations are meant, what is done to them is not either. */
function withStanding(facts: SqlFacts, names: NameSpace): SqlFacts {
  if (facts.standing !== 'clear') return facts
  const settled = [...facts.reads, ...facts.writes].every(
    (relation) => schemaEnd(relation) >= 0 || names.schemasOf(relation) !== null,
  )
  return settled ? facts : { ...facts, standing: 'opaque', readOnly: false }
}

/** Every name without its schema and with each schema that it may have, until it is too many. */
function namesOf(relations: readonly string[], names: NameSpace): string[] {
  const all = new Set<string>()
  for (const relation of relations) {
    const dot = schemaEnd(relation)
    if (dot < 0) for (const schema of names.schemasOf(relation) ?? []) all.add(`${schema}.${relation}`)
    else all.add(relation)
    all.add(relation.slice(dot + 1))
    if (all.size > MOST_TEXTS) break
  }
  return [...all]
}

/** Where the dot behind the schema stands: the last one outside of quotes; -1 without one. */
function schemaEnd(name: string): number {
  if (!name.includes('"')) return name.lastIndexOf('.')
  let quoted = false
  let found = -1
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '"') quoted = !quoted
    else if (name[at] === '.' && !quoted) found = at
  }
  return found
}
