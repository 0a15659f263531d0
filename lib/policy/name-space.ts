import { createHash } from 'node:crypto'
import { printName } from '../sql/analysis/names'
import type { NameSpace } from './request'

/** Which relations a database has beside the server's own, for as far as it is known. */
export interface KnownRelations {
  /** Equal versions know the same. */
  readonly version: string
  /** Schemas that have a relation of this name, both as the server spells them; empty when none is known. */
  schemasOf(relation: string): readonly string[]
}

/** Of a path, or with one relation. Nobody works with more, and what is judged grows by each. */
const MOST_SCHEMAS = 100

/**
 * What names mean in a session. `searchPath`: schemas in order, as the server spells them; null when it is not known. A relation that
 * the path does not lead to, such as one made a moment ago, may be in every schema of it.
 */
export function nameSpace(searchPath: readonly string[] | null, relations: KnownRelations | null): NameSpace {
  const path = searchPath === null || searchPath.length > MOST_SCHEMAS ? null : searchPath
  return {
    // By its hash: a client may set paths without end, and parts of one may look like another.
    key: createHash('sha256')
      .update(JSON.stringify([path, relations?.version ?? null]))
      .digest('base64url'),
    schemasOf(printed) {
      const relation = unquote(printed)
      const known = relations?.schemasOf(relation) ?? []
      if (path === null) return known.length === 0 || known.length > MOST_SCHEMAS ? null : known.map(printSchema)
      const reached = path.filter((schema) => known.includes(schema))
      const found = reached.length > 0 ? reached : path
      // The server looks into its own schema first, whatever the path; all relations in it start alike.
      return [...(relation.startsWith('pg_') ? ['pg_catalog'] : []), ...found].map(printSchema)
    },
  }
}

const printSchema = (schema: string): string => printName({ schema: null, name: schema })
const unquote = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
