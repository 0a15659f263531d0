import { z } from 'zod'
import { SallyportError } from '../domain/errors'
import type { Page } from '../domain/page'

export const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/** What every listing takes. */
export const pageInput = {
  cursor: z.string().max(500).optional(),
  limit: z.number().int().min(1).max(MAX_LIMIT).optional(),
}

/** A page of `item`, as REST answers it. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable() })
}

/** Opaque to callers: where the next page starts. */
function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url')
}

/** Reads a cursor back. A cursor is input like any other: what does not fit `schema` is `invalid_input`. */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new SallyportError('invalid_input', 'cursor: is not one this listing gave out', { field: 'cursor', cause })
  }
}

/** Cuts `rows`, of which one more than `limit` was asked for, into a page. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  item: (row: R) => T,
  position: (row: R) => readonly (string | number)[],
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(position(last)) : null,
  }
}

/** The cursor of listings that are ordered by id alone (ids sort by age). */
export const idCursor = z.tuple([z.string().max(64)])
