import type { SessionClosed, StreamName } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'

/** What of a session is in the store already, as its row says. */
export interface SessionMark {
  readonly id: SessionId
  readonly lastSeq: number
  readonly head: Buffer | null
  readonly outBytes: number
  readonly inBytes: number
  readonly inFlight: readonly number[]
  readonly endReason: string | null
}

export interface BatchRow {
  readonly firstSeq: number
  readonly lastSeq: number
  readonly firstAt: number
  readonly lastAt: number
  readonly firstOp: number | null
  readonly lastOp: number | null
  readonly operations: number
  readonly held: number
  readonly refused: number
  readonly failed: number
  readonly codec: number
  readonly data: Uint8Array
  readonly head: Buffer
}

export interface ChunkRow {
  readonly stream: StreamName
  readonly from: number
  readonly to: number
  readonly at: number
  readonly codec: number
  readonly data: Uint8Array
  readonly sha256: Uint8Array
}

/** What one session gains: rows to insert and how its own row changes. */
export interface SessionGain {
  readonly id: SessionId
  readonly batches: readonly BatchRow[]
  readonly chunks: readonly ChunkRow[]
  readonly lastSeq: number
  readonly head: Buffer | null
  readonly lastEventAt: number
  readonly outBytes: number
  readonly inBytes: number
  readonly storedBytes: number
  readonly operations: number
  readonly held: number
  readonly refused: number
  readonly failed: number
  readonly rows: number
  readonly inFlight: readonly number[]
  readonly closed: Pick<SessionClosed, 'at' | 'reason' | 'detail'> | null
}
