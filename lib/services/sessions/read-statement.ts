import { z } from 'zod'
import { SallyportError } from '../../domain/errors'
import type { BoundValue } from '../../domain/event'
import { hexText, utf8Text } from '../../domain/replay/postgres-values'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { readStream } from './chunks'
import { findSession } from './find'
import { findOperation } from './operations'
import { recordView } from './record-view'
import type { SessionRow } from './session-item'
import { type RecordedOperation, statementItem, toStatementItem } from './statement-item'

export const readStatementInput = z.strictObject({
  id: z.string().max(64),
  op: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
})

/** A bound value; null for NULL. */
const boundValueItem = z
  .object({
    text: z.string(),
    /** `hex`: sent in binary, or no text. */
    form: z.enum(['text', 'hex']),
    bytes: z.number().int(),
    cut: z.boolean(),
  })
  .nullable()

export const statementDetail = statementItem.extend({
  values: z.array(boundValueItem),
  /** SHA-256, in hex, of what the client saw for it. */
  outSha256: z.string().nullable(),
})
export type StatementDetail = z.infer<typeof statementDetail>

const VALUE_BYTES = 4_096

/** One statement with its whole text and its bound values. Looking is recorded. */
export async function readStatement({
  ctx,
  input,
}: Call<z.input<typeof readStatementInput>>): Promise<StatementDetail> {
  const { id, op } = parseInput(readStatementInput, input)
  const row = await findSession(ctx, id)
  await recordView(ctx, row)
  const recorded = await requireOperation(ctx, row, op)
  const values = await Promise.all((recorded.intent.binds ?? []).map((value) => readValue(ctx, row, value)))
  return {
    ...toStatementItem(recorded, Number.POSITIVE_INFINITY, row.session.endedAt === null),
    values,
    outSha256: recorded.outcome?.outSha256 ?? null,
  }
}

/** Throws `not_found`. */
export async function requireOperation(ctx: Context, { session }: SessionRow, op: number): Promise<RecordedOperation> {
  const recorded = await findOperation(ctx.db, session.id, op)
  if (recorded === null) throw new SallyportError('not_found', `This session has no statement ${op}.`)
  return recorded
}

async function readValue(ctx: Context, { session }: SessionRow, value: BoundValue) {
  if (value === null) return null
  if ('text' in value) {
    const bytes = Buffer.byteLength(value.text)
    const cut = value.text.length > VALUE_BYTES
    return { text: value.text.slice(0, VALUE_BYTES), form: 'text' as const, bytes, cut }
  }
  if ('base64' in value) return shown(Buffer.from(value.base64, 'base64'), 'binary', null)
  const [from, to] = value.in
  const pieces: Uint8Array[] = []
  for await (const piece of readStream(ctx.db, session.id, 'in', from, Math.min(to, from + VALUE_BYTES + 1)))
    pieces.push(piece)
  return shown(Buffer.concat(pieces), value.format, to - from)
}

function shown(bytes: Buffer, format: 'text' | 'binary', fullLength: number | null) {
  const length = fullLength ?? bytes.length
  const head = bytes.subarray(0, VALUE_BYTES)
  const text = format === 'text' ? utf8Text(head) : null
  const form = text === null ? ('hex' as const) : ('text' as const)
  return { text: text ?? hexText(head), form, bytes: length, cut: length > head.length }
}
