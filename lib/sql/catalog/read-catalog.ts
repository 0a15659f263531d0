import type { Catalog } from '../catalog'
import { Judge } from './judge'
import { catalogVersion, RowReader } from './snapshot'

/** Rows and characters of a snapshot beyond which nothing is known: it comes from the target. */
const MOST_ROWS = 100_000
const MOST_CHARACTERS = 12 * 1024 * 1024
/** Rows that are read without a pause. */
const AT_ONCE = 500

/**
 * Reads a snapshot: the rows of `catalogQuery`, each one item, in whatever order. Gives `before` where nothing changed. Fails when it
 * is not as it must be, or too large. `pause` lets others go on meanwhile.
 */
export async function readCatalog(
  items: readonly string[],
  before: Catalog | null,
  pause: () => Promise<unknown>,
): Promise<Catalog> {
  const size = items.reduce((sum, item) => sum + item.length, 0)
  if (items.length > MOST_ROWS || size > MOST_CHARACTERS) throw new Error('the catalog is too large to read')
  const version = catalogVersion(items)
  if (before?.version === version) return before
  const reader = new RowReader()
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await pause()
    for (const item of items.slice(at, at + AT_ONCE)) reader.read(item)
  }
  await pause()
  const rows = reader.rows()
  const schemas = new Map<string, string[]>()
  for (const { schema, name } of rows.relations) {
    const same = schemas.get(name)
    if (same) same.push(schema)
    else schemas.set(name, [schema])
  }
  return { version, size, meanings: new Judge(rows), schemasOf: (relation) => schemas.get(relation) ?? [] }
}
