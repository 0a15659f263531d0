import { and, asc, eq, gt, lt } from 'drizzle-orm'
import type { Database } from '../../db/client'
import { recordingChunks } from '../../db/schema/events'
import type { StreamName } from '../../domain/event'
import type { SessionId } from '../../domain/ids'
import { unpack } from './batches'

export interface Chunk {
  readonly from: number
  readonly to: number
  readonly data: Uint8Array
  /** As it stands in the store, and the hash of just that. */
  readonly stored: Uint8Array
  readonly sha256: Uint8Array
}

const AT_ONCE = 8

/** Chunks that hold any of the bytes [from, to) of a session's stream, in order, unpacked, each whole. */
export async function* walkChunks(
  db: Database,
  sessionId: SessionId,
  stream: StreamName,
  from: number,
  to: number,
): AsyncGenerator<Chunk> {
  let at = from
  for (;;) {
    const rows = await db
      .select()
      .from(recordingChunks)
      .where(
        and(
          eq(recordingChunks.sessionId, sessionId),
          eq(recordingChunks.stream, stream),
          gt(recordingChunks.to, at),
          lt(recordingChunks.from, to),
        ),
      )
      .orderBy(asc(recordingChunks.from))
      .limit(AT_ONCE)
    for (const { codec, data: stored, ...row } of rows) yield { ...row, stored, data: await unpack(codec, stored) }
    const last = rows.at(-1)
    if (rows.length < AT_ONCE || last === undefined) return
    at = last.to
  }
}

/** Exactly the bytes [from, to), in pieces. Stops early where the recording has a gap or ends. */
export async function* readStream(
  db: Database,
  sessionId: SessionId,
  stream: StreamName,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  if (from >= to) return
  let at = from
  for await (const chunk of walkChunks(db, sessionId, stream, from, to)) {
    if (chunk.from > at) return
    yield chunk.data.subarray(at - chunk.from, Math.min(to, chunk.to) - chunk.from)
    at = chunk.to
    if (at >= to) return
  }
}
