import type { EndReason } from '#lib/domain/event'

/** One session as the list shows it. Times are ISO 8601. */
export interface SessionRow {
  readonly id: string
  readonly protocol: string
  readonly principal: { readonly name: string; readonly kind: string }
  readonly owner: string
  readonly connection: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly endReason: EndReason | null
  readonly operations: number
  readonly held: number
  readonly refused: number
  readonly failed: number
  readonly rows: number
}

/** One page of the list; null: the last. */
export interface SessionsPage {
  readonly rows: readonly SessionRow[]
  readonly nextCursor: string | null
}

/**
 * Rows as loaded so far joined with what has just been read from the top: known rows take their new values in place, new ones come
 * first. `fresh` counts the new ones.
 */
export function mergeRows(
  known: readonly SessionRow[],
  top: readonly SessionRow[],
): { rows: readonly SessionRow[]; fresh: readonly SessionRow[] } {
  const latest = new Map(top.map((row) => [row.id, row]))
  const ids = new Set(known.map((row) => row.id))
  return {
    rows: known.map((row) => latest.get(row.id) ?? row),
    fresh: top.filter((row) => !ids.has(row.id)),
  }
}
