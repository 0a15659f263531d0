import { setImmediate } from 'node:timers/promises'
import type { Catalog } from '#lib/sql/catalog'
import { catalogQuery } from '#lib/sql/catalog/query'
import { readCatalog } from '#lib/sql/catalog/read-catalog'
import type { Operation } from '#proxy/core/ports'
import { cstring, message } from './handshake-messages'
import { askBeside, type SideParts, type SideResults, type SideSession } from './side-session'
import { connectionFailure } from './upstream-failure'

const WITHIN_MS = 12_000
/** More than `readCatalog` takes. */
const MOST_BYTES = 16 * 1024 * 1024

/** Of a transaction that the snapshot's query begins once more, which is nothing but a warning. */
const BOUNDS = "BEGIN READ ONLY; SET LOCAL statement_timeout TO '8s'; SET LOCAL lock_timeout TO '1s'"

/** A snapshot as it was read. */
export interface CatalogSnapshot {
  readonly catalog: Catalog
  /** As the target gave them, for whoever explains. */
  readonly items: readonly string[]
}

/** Reads a snapshot of the target's catalog beside the session; `before` where it is unchanged. Rejects when the target gives none. */
export async function readSnapshot(parts: SideParts, before: Catalog | null): Promise<CatalogSnapshot> {
  const items = await askBeside(parts, { withinMs: WITHIN_MS, mostBytes: MOST_BYTES }, async (side) => {
    await ask(side, BOUNDS)
    const results = await ask(side, catalogQuery(versionNumber(side.parameters.get('server_version'))))
    await side.leave()
    return (results.at(-2) ?? []).map(([item]) => item ?? '')
  })
  return { catalog: await readCatalog(items, before, () => setImmediate()), items }
}

function ask(side: SideSession, text: string): Promise<SideResults> {
  const operation: Operation = { type: 'query', text, effect: 'read', facts: null, state: null }
  return side.ask(operation, message('Q', cstring(text)))
}

/** `15.18 (Debian …)` → 150018. */
function versionNumber(reported = ''): number {
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(reported) ?? []
  if (major === undefined) throw connectionFailure('the target does not tell its version')
  return Number(major) * 10_000 + Number(minor ?? 0)
}
