import { hash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import { chainStart, linkLine } from '#lib/crypto/chain'
import type { SessionClosed, StreamName } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import { CODECS } from '#lib/domain/recording'
import type { Frame } from '#proxy/core/spool-frames'

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
  readonly refused: number
  readonly failed: number
  readonly rows: number
  readonly inFlight: readonly number[]
  readonly closed: Pick<SessionClosed, 'at' | 'reason' | 'detail'> | null
}

/** Frames that do not continue what the store has. */
export class SpoolGap extends Error {
  override readonly name = 'SpoolGap'
}

const BATCH_BYTES = 512 * 1024
const CHUNK_BYTES = 256 * 1024
const PACK_ABOVE_BYTES = 512
const LINE_END = Buffer.from('\n')

type EventOf = Extract<Frame, { type: 'event' }>

/**
 * Works out what `frames`, one session's in order, add to what the store has (`mark`). What is there already is skipped; what does
 * not follow on it throws SpoolGap.
 */
export function shareOf(mark: SessionMark, frames: readonly Frame[]): SessionGain {
  const events: EventOf[] = []
  const streams = { out: new StreamGain('out', mark.outBytes), in: new StreamGain('in', mark.inBytes) }
  let next = mark.lastSeq + 1
  for (const frame of frames) {
    if (frame.type === 'event') {
      if (frame.seq < next) continue
      if (frame.seq > next) throw new SpoolGap(`event ${frame.seq} follows ${next - 1}`)
      events.push(frame)
      next++
    } else if (frame.type === 'raw') streams[frame.stream].raw(frame.from, frame.at, frame.bytes)
    else if (frame.type === 'packed') streams[frame.stream].packed(frame)
    else if (frame.type === 'cut') streams[frame.stream].skip(frame.from, frame.to)
  }
  const { batches, head } = toBatches(mark, events)
  const chunks = [...streams.out.finish(), ...streams.in.finish()]
  const inFlight = new Set(mark.inFlight)
  let rows = 0
  for (const event of events) {
    if (event.kind === 'operation.intent') inFlight.add(event.op)
    else if (event.kind === 'operation.outcome') inFlight.delete(event.op)
    rows += event.rows
  }
  const close = events.at(-1)?.kind === 'session.close' ? events.at(-1) : undefined
  return {
    id: mark.id,
    batches,
    chunks,
    lastSeq: next - 1,
    head,
    lastEventAt: events.at(-1)?.at ?? chunks.at(-1)?.at ?? 0,
    outBytes: streams.out.to,
    inBytes: streams.in.to,
    storedBytes: [...batches, ...chunks].reduce((sum, row) => sum + row.data.length, 0),
    operations: events.filter((event) => event.kind === 'operation.intent').length,
    refused: events.filter((event) => event.verdict === 'refused').length,
    failed: events.filter((event) => event.verdict === 'failed').length,
    rows,
    inFlight: [...inFlight].sort((a, b) => a - b),
    closed: close === undefined ? null : (JSON.parse(close.line.toString('utf8')) as SessionClosed),
  }
}

/** Runs of consecutive events, each no longer than a reader should have to unpack. */
function toBatches(mark: SessionMark, events: readonly EventOf[]): { batches: BatchRow[]; head: Buffer | null } {
  const batches: BatchRow[] = []
  let head = mark.head
  let run: EventOf[] = []
  let bytes = 0
  const flush = () => {
    if (head !== null && run.length > 0) batches.push(toBatch(run, head))
    run = []
    bytes = 0
  }
  for (const event of events) {
    if (bytes > 0 && bytes + event.line.length > BATCH_BYTES) flush()
    head = linkLine(head ?? chainStart(), event.line)
    run.push(event)
    bytes += event.line.length
  }
  flush()
  return { batches, head }
}

function toBatch(run: readonly EventOf[], head: Buffer): BatchRow {
  const first = run[0]
  const last = run.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('an empty batch')
  const ops = run.filter((event) => event.op > 0).map((event) => event.op)
  const lines = run.flatMap((event, i) => (i === 0 ? [event.line] : [LINE_END, event.line]))
  return {
    firstSeq: first.seq,
    lastSeq: last.seq,
    firstAt: first.at,
    lastAt: last.at,
    firstOp: ops.length === 0 ? null : ops.reduce((a, b) => Math.min(a, b)),
    lastOp: ops.length === 0 ? null : ops.reduce((a, b) => Math.max(a, b)),
    refused: run.filter((event) => event.verdict === 'refused').length,
    failed: run.filter((event) => event.verdict === 'failed').length,
    ...pack(Buffer.concat(lines)),
    head,
  }
}

/** Collects the chunks of one stream. */
class StreamGain {
  readonly #stream: StreamName
  readonly #chunks: ChunkRow[] = []
  #parts: Uint8Array[] = []
  #bytes = 0
  #at = 0
  /** Where the stream ends now. */
  to: number

  constructor(stream: StreamName, to: number) {
    this.#stream = stream
    this.to = to
  }

  raw(from: number, at: number, bytes: Uint8Array): void {
    if (!this.#isNext(from, from + bytes.length)) return
    if (this.#bytes > 0 && this.#bytes + bytes.length > CHUNK_BYTES) this.#flush()
    if (this.#bytes === 0) this.#at = at
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    this.to += bytes.length
  }

  packed(frame: Extract<Frame, { type: 'packed' }>): void {
    const to = frame.from + frame.rawLength
    if (!this.#isNext(frame.from, to)) return
    this.#flush()
    const { from, at, codec, bytes: data, sha256 } = frame
    this.#chunks.push({ stream: this.#stream, from, to, at, codec, data, sha256 })
    this.to = to
  }

  /** Bytes that passed but were not kept. */
  skip(from: number, to: number): void {
    if (!this.#isNext(from, to)) return
    this.#flush()
    this.to = to
  }

  finish(): readonly ChunkRow[] {
    this.#flush()
    return this.#chunks
  }

  #isNext(from: number, to: number): boolean {
    if (to <= this.to) return false
    if (from !== this.to) throw new SpoolGap(`byte ${from} of ${this.#stream} follows ${this.to}`)
    return true
  }

  #flush(): void {
    if (this.#bytes === 0) return
    const raw = Buffer.concat(this.#parts, this.#bytes)
    const sha256 = hash('sha256', raw, 'buffer')
    const from = this.to - this.#bytes
    this.#chunks.push({ stream: this.#stream, from, to: this.to, at: this.#at, ...pack(raw), sha256 })
    this.#parts = []
    this.#bytes = 0
  }
}

function pack(raw: Buffer): { readonly codec: number; readonly data: Uint8Array } {
  if (raw.length > PACK_ABOVE_BYTES) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length }
    const data = brotliCompressSync(raw, { params })
    if (data.length < raw.length) return { codec: CODECS.brotli, data }
  }
  return { codec: CODECS.none, data: raw }
}
