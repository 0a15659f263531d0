import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { TransactionSql } from 'postgres'
import type { BatchRow, ChunkRow, SessionGain } from './shipper-rows'

/**
 * Rows in PostgreSQL's binary COPY format (chapter "COPY", file formats): no quoting, no growth of binary data, one statement for any
 * number of rows.
 */
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER = Buffer.from([0xff, 0xff])
/** 2000-01-01 in milliseconds since 1970: where PostgreSQL's timestamps count from. */
const EPOCH_MS = 946_684_800_000

type Field = Buffer | null

const text = (value: string): Field => Buffer.from(value, 'utf8')
const bytes = (value: Uint8Array): Field => Buffer.from(value.buffer, value.byteOffset, value.length)

function int2(value: number): Field {
  const field = Buffer.allocUnsafe(2)
  field.writeInt16BE(value)
  return field
}

function int4(value: number): Field {
  const field = Buffer.allocUnsafe(4)
  field.writeInt32BE(value)
  return field
}

function int8(value: number | null): Field {
  if (value === null) return null
  const field = Buffer.allocUnsafe(8)
  field.writeBigInt64BE(BigInt(value))
  return field
}

const timestamp = (ms: number): Field => int8(Math.round((ms - EPOCH_MS) * 1000))

function row(fields: readonly Field[]): Buffer[] {
  const parts: Buffer[] = []
  const count = Buffer.allocUnsafe(2)
  count.writeInt16BE(fields.length)
  parts.push(count)
  for (const field of fields) {
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(field?.length ?? -1)
    parts.push(length)
    if (field !== null) parts.push(field)
  }
  return parts
}

const batchFields = (session: string, batch: BatchRow): Field[] => [
  text(session),
  int8(batch.firstSeq),
  int8(batch.lastSeq),
  timestamp(batch.firstAt),
  timestamp(batch.lastAt),
  int8(batch.firstOp),
  int8(batch.lastOp),
  int4(batch.operations),
  int4(batch.held),
  int4(batch.refused),
  int4(batch.failed),
  int2(batch.codec),
  bytes(batch.data),
  bytes(batch.head),
]

const chunkFields = (session: string, chunk: ChunkRow): Field[] => [
  text(session),
  text(chunk.stream),
  int8(chunk.from),
  int8(chunk.to),
  timestamp(chunk.at),
  int2(chunk.codec),
  bytes(chunk.data),
  bytes(chunk.sha256),
]

/** Inserts the batches and chunks of all sessions. An error leaves the connection unusable: drop it. */
export async function copyGains(tx: TransactionSql, gains: readonly SessionGain[]): Promise<void> {
  const batches = gains.flatMap(({ id, batches }) => batches.map((batch) => batchFields(id, batch)))
  if (batches.length > 0) {
    const copy = tx`copy event_batches (session_id, first_seq, last_seq, first_at, last_at, first_op, last_op, operations,
      held, refused, failed, codec, data, head) from stdin (format binary)`
    await send(await copy.writable(), batches)
  }
  const chunks = gains.flatMap(({ id, chunks }) => chunks.map((chunk) => chunkFields(id, chunk)))
  if (chunks.length > 0) {
    const copy = tx`copy recording_chunks (session_id, stream, "from", "to", at, codec, data, sha256) from stdin (format binary)`
    await send(await copy.writable(), chunks)
  }
}

async function send(stream: Writable, rows: readonly Field[][]): Promise<void> {
  const sent = finished(stream)
  for (const part of [HEADER, ...rows.map((fields) => Buffer.concat(row(fields))), TRAILER]) {
    // A stream that failed says so through `finished`.
    if (!stream.write(part)) await Promise.race([once(stream, 'drain'), sent])
  }
  stream.end()
  await sent
}
