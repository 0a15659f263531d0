import { z } from 'zod'
import { canonicalJson } from '../../crypto/canonical'
import type { StreamName } from '../../domain/event'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { parseInput } from '../input'
import { walkBatches } from './batches'
import { walkChunks } from './chunks'
import { findSession } from './find'
import type { SessionRow } from './session-item'

export const exportSessionInput = z.strictObject({
  id: z.string().max(64),
  /** With the recorded bytes (what the client saw and sent), so that a verifier can hash them, too. */
  recording: z.boolean().default(false),
})

/**
 * A session as JSON Lines: its events exactly as they were recorded and hashed, then (asked for) `export.chunk` lines with the
 * recorded bytes in base64, then one `export.seal` line with the chain's head. The export is recorded before its first line.
 */
export async function exportSession({
  ctx,
  input,
}: Call<z.input<typeof exportSessionInput>>): Promise<{ fileName: string; lines: AsyncGenerator<Uint8Array> }> {
  const { id, recording } = parseInput(exportSessionInput, input)
  const row = await findSession(ctx, id)
  await inTransaction(ctx, (inside) =>
    emitAudit(inside, {
      action: 'session.export',
      targetId: row.session.id,
      targetName: `${row.session.principalName} on ${row.session.connectionName}`,
      detail: { recording, events: row.session.lastSeq + 1 },
    }),
  )
  return { fileName: `${row.session.id}.jsonl`, lines: exportLines(ctx, row, recording) }
}

const LINE_END = Buffer.from('\n')

async function* exportLines(ctx: Context, row: SessionRow, recording: boolean): AsyncGenerator<Uint8Array> {
  const { session } = row
  let head: Uint8Array | null = null
  let lastSeq = -1
  for await (const batch of walkBatches(ctx.db, session.id, undefined, 'forwards')) {
    head = batch.head
    lastSeq = batch.lastSeq
    yield Buffer.concat([batch.data, LINE_END])
  }
  if (recording) {
    yield* chunkLines(ctx, row, 'out')
    yield* chunkLines(ctx, row, 'in')
  }
  const seal = {
    kind: 'export.seal',
    v: 1,
    session: session.id,
    lastSeq,
    head: head && Buffer.from(head).toString('hex'),
  }
  yield Buffer.from(`${canonicalJson(seal)}\n`)
}

async function* chunkLines(ctx: Context, { session }: SessionRow, stream: StreamName): AsyncGenerator<Uint8Array> {
  for await (const { from, to, data } of walkChunks(ctx.db, session.id, stream, 0, Number.MAX_SAFE_INTEGER)) {
    const line = { kind: 'export.chunk', v: 1, stream, from, to, data: Buffer.from(data).toString('base64') }
    yield Buffer.from(`${canonicalJson(line)}\n`)
  }
}
