import { createHash, type Hash } from 'node:crypto'
import type { StreamName } from '../../domain/event'

interface Range {
  readonly from: number
  readonly to: number
  readonly sha256: string
  /** Bytes of it are known to be missing from the store (the session's recording limit). */
  readonly missing: boolean
}

export interface RangeFault {
  readonly at: number
  readonly reason: string
}

interface Progress {
  /** Ranges that are not settled yet, in order. */
  readonly ranges: Range[]
  hash: Hash
  /** Where the next byte of the range under way stands. */
  at: number
  last: HashedChunk | null
}

export interface HashedChunk {
  readonly from: number
  readonly to: number
  readonly data: Uint8Array
  /** What `sha256` is the hash of: the bytes as they were stored. */
  readonly stored: Uint8Array
  readonly sha256: Uint8Array
}

/** Compares recorded bytes, chunk by chunk, with the hashes that chained events hold of them. Ranges come in order. */
export class RangeHasher {
  readonly #streams: Record<StreamName, Progress> = { out: fresh(), in: fresh() }

  expect(stream: StreamName, from: number, to: number, sha256: string, missing: boolean): void {
    if (to > from) this.#streams[stream].ranges.push({ from, to, sha256, missing })
  }

  /** Up to where the stream must be read to settle what is expected so far. */
  wanted(stream: StreamName): number {
    return this.#streams[stream].ranges.at(-1)?.to ?? 0
  }

  /** Takes the next chunk of the stream. Its end may belong to ranges that are expected later: see `catchUp`. */
  chunk(stream: StreamName, chunk: HashedChunk): RangeFault[] {
    const actual = createHash('sha256').update(chunk.stored).digest()
    const sound = actual.equals(chunk.sha256) && chunk.data.length === chunk.to - chunk.from
    const faults = sound
      ? []
      : [{ at: chunk.from, reason: 'Recorded bytes do not match the hash they were stored with.' }]
    this.#streams[stream].last = chunk
    return [...faults, ...this.catchUp(stream)]
  }

  /** Gives the chunk that was taken last to ranges that were expected after it came. */
  catchUp(stream: StreamName): RangeFault[] {
    const progress = this.#streams[stream]
    return progress.last === null ? [] : advance(progress, progress.last)
  }

  /** Ranges that the chunks did not reach. */
  finish(stream: StreamName): RangeFault[] {
    const progress = this.#streams[stream]
    const faults: RangeFault[] = []
    for (let range = progress.ranges[0]; range !== undefined; range = progress.ranges[0])
      faults.push(...settle(progress, range, true))
    return faults
  }
}

function advance(progress: Progress, chunk: HashedChunk): RangeFault[] {
  const faults: RangeFault[] = []
  for (;;) {
    const range = progress.ranges[0]
    if (range === undefined || range.from >= chunk.to) return faults
    if (progress.at < range.from) progress.at = range.from
    const gap = progress.at < chunk.from
    if (!gap) {
      const piece = chunk.data.subarray(progress.at - chunk.from, Math.max(0, range.to - chunk.from))
      progress.hash.update(piece)
      progress.at += piece.length
      if (progress.at < range.to) return faults
    }
    faults.push(...settle(progress, range, gap))
  }
}

function settle(progress: Progress, range: Range, gap: boolean): RangeFault[] {
  const actual = progress.hash.digest('hex')
  progress.ranges.shift()
  progress.hash = createHash('sha256')
  progress.at = range.to
  if (range.missing) return []
  if (gap) return [{ at: range.from, reason: 'Recorded bytes of a statement are missing.' }]
  return actual === range.sha256
    ? []
    : [{ at: range.from, reason: 'What a client saw was changed after it was recorded.' }]
}

function fresh(): Progress {
  return { ranges: [], hash: createHash('sha256'), at: 0, last: null }
}
