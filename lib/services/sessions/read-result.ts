import { z } from 'zod'
import { MessageStream } from '../../domain/replay/message-stream'
import { PostgresReplay } from '../../domain/replay/postgres'
import { type ReplayColumn, replayResult } from '../../domain/replay/postgres-result'
import { readColumns } from '../../domain/replay/postgres-rows'
import type { Call, Context } from '../context'
import { parseInput } from '../input'
import { readStream } from './chunks'
import { findSession } from './find'
import { requireOperation } from './read-statement'
import { recordView } from './record-view'
import type { SessionRow } from './session-item'
import type { RecordedOperation } from './statement-item'

export const readResultInput = z.strictObject({
  id: z.string().max(64),
  op: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** Which result set, from 0: a text of several statements has several. */
  set: z.number().int().min(0).max(1_000).default(0),
  offset: z.number().int().min(0).max(1_000_000_000).default(0),
  limit: z.number().int().min(1).max(500).default(100),
  /** Values longer than this many bytes are cut, with their full length beside them. */
  cellBytes: z.number().int().min(16).max(1_048_576).default(1_024),
})

export const statementResult = replayResult.extend({
  op: z.number().int(),
  /** `running`: nothing to show before it has an outcome. */
  state: z.enum(['running', 'settled']),
  outBytes: z.number().int(),
  /** False when only the beginning was read: `rowCount` of the last set then counts what was seen. */
  complete: z.boolean(),
  /** True when the session's recording limit was reached and bytes are missing from here on. */
  recordingCut: z.boolean(),
})
export type StatementResult = z.infer<typeof statementResult>

/** How much is read beyond the asked rows, to count the rest and find further sets. */
const READ_ON_BYTES = 4 * 1024 * 1024
const MAX_LAYOUT_BYTES = 1024 * 1024

/** What the client saw for one statement: rows, notices and errors, decoded from the recorded bytes. Looking is recorded. */
export async function readResult({ ctx, input }: Call<z.input<typeof readResultInput>>): Promise<StatementResult> {
  const query = parseInput(readResultInput, input)
  const row = await findSession(ctx, query.id)
  await recordView(ctx, row)
  const recorded = await requireOperation(ctx, row, query.op)
  const { outcome } = recorded
  if (outcome === null) {
    const nothing = new PostgresReplay(query).result('partial')
    return { ...nothing, op: query.op, state: 'running', outBytes: 0, complete: false, recordingCut: false }
  }
  const [from, to] = outcome.out
  const layout = await readLayout(ctx, row, recorded)
  const { formats } = recorded.intent
  const replay = new PostgresReplay({ ...query, ...(layout && { layout }), ...(formats && { formats }) })
  const read = await feed(ctx, row, replay, from, to)
  const complete = read === to - from
  return {
    ...replay.result(complete ? 'all' : 'partial'),
    op: query.op,
    state: 'settled',
    outBytes: to - from,
    complete,
    recordingCut: outcome.cut === true,
  }
}

/** Bytes that were read. */
async function feed(ctx: Context, { session }: SessionRow, replay: PostgresReplay, from: number, to: number) {
  let read = 0
  let beyond = 0
  for await (const piece of readStream(ctx.db, session.id, 'out', from, to)) {
    replay.feed(piece)
    read += piece.length
    if (replay.satisfied) beyond += piece.length
    if (beyond > READ_ON_BYTES) break
  }
  return read
}

/** Columns of rows that came without a description of their own: it was given when the statement was prepared. */
async function readLayout(
  ctx: Context,
  { session }: SessionRow,
  { intent, outcome }: RecordedOperation,
): Promise<ReplayColumn[] | null> {
  if (outcome?.layoutAt === undefined) return null
  const stream = new MessageStream(MAX_LAYOUT_BYTES)
  const to = Math.min(session.outBytes, outcome.layoutAt + MAX_LAYOUT_BYTES)
  for await (const piece of readStream(ctx.db, session.id, 'out', outcome.layoutAt, to))
    for (const { type, body } of stream.feed(piece, () => true))
      return type === 'T' ? readColumns(body, intent.formats) : null
  return null
}
