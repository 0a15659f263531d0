import { z } from 'zod'
import type { Call } from '../context'
import { parseInput } from '../input'
import { pageInput } from '../paging'
import { findSession } from './find'
import { findOperations, type Span } from './operations'
import { recordView } from './record-view'
import { type StatementItem, statementItem, toStatementItem } from './statement-item'

const op = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const listStatementsInput = z
  .strictObject({
    id: z.string().max(64),
    /** Statements after this operation, in order. Without `after` and `before`: from the beginning. */
    after: op.optional(),
    /** The nearest statements before this operation (in order all the same); a huge number: the last ones. */
    before: op.optional(),
    /** `nextCursor` of the page before, instead of `after` or `before`. */
    cursor: z
      .string()
      .regex(/^[ab]\d{1,16}$/, 'is not one this listing gave out')
      .optional(),
    limit: pageInput.limit,
    verdict: z.enum(['held', 'refused', 'failed']).optional(),
    /** Statements whose text contains it, upper and lower case alike. */
    query: z.string().max(200).optional(),
  })
  .refine(
    ({ after, before, cursor }) => [after, before, cursor].filter((bound) => bound !== undefined).length < 2,
    'give one of after, before and cursor',
  )

export const statementPage = z.object({
  /** By operation number, ascending. */
  items: z.array(statementItem),
  /** Where to go on in the asked direction: give it as `after`, or as `before` when that was asked. null: no more (so far). */
  next: z.number().int().nullable(),
  /** The same as text, for clients that page by cursor. */
  nextCursor: z.string().nullable(),
  /** Statements in the session so far, filtered or not. */
  total: z.number().int(),
})
export type StatementPage = z.infer<typeof statementPage>

const DEFAULT_STATEMENTS = 100
const LIST_TEXT = 2_000

/**
 * A session's statements, intents joined with outcomes. A filtered page may be short, or empty, and still have a `next`: it is how
 * far was searched. Looking is recorded.
 */
export async function listStatements({
  ctx,
  input,
}: Call<z.input<typeof listStatementsInput>>): Promise<StatementPage> {
  const query = parseInput(listStatementsInput, input)
  const row = await findSession(ctx, query.id)
  await recordView(ctx, row)
  const span = spanOf(query)
  const filter = { verdict: query.verdict, text: query.query?.toLowerCase() || undefined }
  const found = await findOperations(ctx.db, row.session.id, span, filter, query.limit ?? DEFAULT_STATEMENTS)
  const live = row.session.endedAt === null
  const items: StatementItem[] = found.operations.map((recorded) => toStatementItem(recorded, LIST_TEXT, live))
  const { next } = found
  return {
    items,
    next,
    nextCursor: next === null ? null : `${span.direction === 'forwards' ? 'a' : 'b'}${next}`,
    total: row.session.operations,
  }
}

function spanOf({ cursor, after, before }: z.output<typeof listStatementsInput>): Span {
  if (cursor?.startsWith('b')) return { direction: 'backwards', before: Number(cursor.slice(1)) }
  if (cursor !== undefined) return { direction: 'forwards', after: Number(cursor.slice(1)) }
  if (before !== undefined) return { direction: 'backwards', before }
  return { direction: 'forwards', after: after ?? 0 }
}
