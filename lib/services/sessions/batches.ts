import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { and, asc, desc, eq, gt, type SQL, sql } from 'drizzle-orm'
import { splitLines } from '../../crypto/chain'
import type { Database } from '../../db/client'
import { CODECS, eventBatches } from '../../db/schema/events'
import { SallyportError } from '../../domain/errors'
import type { SessionEvent } from '../../domain/event'
import type { SessionId } from '../../domain/ids'

const inflate = promisify(brotliDecompress)

/** What one batch or chunk may be once it is unpacked: far above what is written, far below what would hurt. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

export async function unpack(codec: number, data: Uint8Array): Promise<Uint8Array> {
  if (codec === CODECS.none) return data
  if (codec === CODECS.brotli) return inflate(data, { maxOutputLength: MAX_UNPACKED_BYTES })
  throw new SallyportError('internal', 'A recording is stored in a form this version does not know.')
}

export interface Batch {
  readonly firstSeq: number
  readonly lastSeq: number
  readonly firstOp: number | null
  readonly lastOp: number | null
  readonly head: Uint8Array
  readonly data: Uint8Array
}

/** How many batches are read at a time: bounds memory while a session of any length is walked. */
const AT_ONCE = 16

/**
 * A session's batches in order, unpacked, from the first that can matter to `where` on. `direction` decides which end it starts at.
 */
export async function* walkBatches(
  db: Database,
  sessionId: SessionId,
  where: SQL | undefined,
  direction: 'forwards' | 'backwards',
): AsyncGenerator<Batch> {
  let beyond: SQL | undefined
  for (;;) {
    const rows = await db
      .select()
      .from(eventBatches)
      .where(and(eq(eventBatches.sessionId, sessionId), where, beyond))
      .orderBy(direction === 'forwards' ? asc(eventBatches.firstSeq) : desc(eventBatches.firstSeq))
      .limit(AT_ONCE)
    for (const row of rows) {
      const { firstSeq, lastSeq, firstOp, lastOp, head } = row
      yield { firstSeq, lastSeq, firstOp, lastOp, head, data: await unpack(row.codec, row.data) }
    }
    const last = rows.at(-1)
    if (rows.length < AT_ONCE || last === undefined) return
    beyond =
      direction === 'forwards'
        ? gt(eventBatches.firstSeq, last.firstSeq)
        : sql`${eventBatches.firstSeq} < ${last.firstSeq}`
  }
}

/** A batch's events as they were recorded. A line that is no event is `internal`: `verify` says what happened to it. */
export function* eventsOf(batch: Batch): Generator<SessionEvent> {
  for (const line of splitLines(batch.data)) yield parseEvent(line)
}

function parseEvent(line: Uint8Array): SessionEvent {
  try {
    return JSON.parse(Buffer.from(line).toString('utf8')) as SessionEvent
  } catch (cause) {
    throw new SallyportError('internal', 'A recorded event cannot be read. Verify this session.', { cause })
  }
}
