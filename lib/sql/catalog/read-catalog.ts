import type { Catalog } from '../catalog'
import { Judge } from './judge'
import { catalogVersion, readRows } from './snapshot'

/** Rows and characters of a snapshot beyond which nothing is known: it comes from the target. */
const MOST_ROWS = 200_000
const MOST_CHARACTERS = 32 * 1024 * 1024

/**
 * Reads a snapshot: the rows of `catalogQuery`, each one item, in whatever order. Returns `before` where nothing changed. Throws when it
 * is not as it must be, or too large.
 */
export function readCatalog(items: readonly string[], before: Catalog | null): Catalog {
  const characters = items.reduce((sum, item) => sum + item.length, 0)
  if (items.length > MOST_ROWS || characters > MOST_CHARACTERS) throw new Error('the catalog is too large to read')
  const version = catalogVersion(items)
  if (before?.version === version) return before
  const rows = readRows(items)
  const schemas = new Map<string, string[]>()
  for (const { schema, name } of rows.relations) {
    const same = schemas.get(name)
    if (same) same.push(schema)
    else schemas.set(name, [schema])
  }
  return { version, meanings: new Judge(rows), schemasOf: (relation) => schemas.get(relation) ?? [] }
}
