import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { blockAt, blockLength, HEADER_BYTES, readHeader, SegmentCipher } from '#proxy/core/spool-seal'
import { segmentName, segmentNumber } from './spool-files'
import { FrameIndex } from './spool-index'

/** Most that is read (and shipped) in one go, unless a single block is longer. */
const ROUND_BYTES = 2 * 1024 * 1024

/** Up to where a spool that is being written may be read; null for one whose writer is gone: all of it. */
export type ReadLimit = { readonly segment: number; readonly bytes: number } | null

/** Where in a segment reading goes on. */
interface Position {
  readonly segment: number
  readonly offset: number
  readonly block: number
  readonly cipher: SegmentCipher | null
}

export interface Round {
  readonly frames: FrameIndex
  /** Number of the last block in it. */
  readonly block: number
  /** Bytes of the spool that it covers. */
  readonly bytes: number
  /** Set when the segment ended in something that is neither a block nor a torn tail. */
  readonly damage: string | null
  readonly next: Position
  readonly segmentDone: boolean
}

/** Reads one worker's spool in order, from its files. A segment goes once everything in it is committed. */
export class SpoolReader {
  readonly #folder: string
  readonly #aside: string
  readonly #key: Uint8Array
  #position: Position = { segment: 0, offset: 0, block: 0, cipher: null }
  #keep = false
  /** Reused: what is read here is opened into buffers of its own. */
  #buffer = Buffer.alloc(0)

  /** `aside`: folder for segments that must not be deleted although they cannot be shipped. */
  constructor(folder: string, aside: string, key: Uint8Array) {
    this.#folder = folder
    this.#aside = aside
    this.#key = key
  }

  /** Whether everything below `limit` was read and committed. */
  isAt(limit: { readonly segment: number; readonly bytes: number }): boolean {
    const { segment, offset } = this.#position
    return segment > limit.segment || (segment === limit.segment && offset >= limit.bytes)
  }

  /** The next blocks, or null when there is nothing to read now. Reading twice without `commit` gives the same. */
  async next(limit: ReadLimit): Promise<Round | null> {
    const numbers = await this.#segments()
    const current = numbers.find((number) => number >= this.#position.segment)
    if (current === undefined || (limit !== null && current > limit.segment)) return null
    const position =
      current === this.#position.segment ? this.#position : { segment: current, offset: 0, block: 0, cipher: null }
    const live = limit !== null && current === limit.segment
    const file = await open(join(this.#folder, segmentName(current)), 'r')
    try {
      const size = live ? limit.bytes : (await file.stat()).size
      return await this.#read(file, position, size, live)
    } finally {
      await file.close()
    }
  }

  /** `round` is in the store, or will never be: `keep` then puts its segment aside instead of deleting it. */
  async commit(round: Round, keep: boolean): Promise<void> {
    this.#position = round.next
    this.#keep ||= keep || round.damage !== null
    if (!round.segmentDone) return
    const name = segmentName(round.next.segment)
    const path = join(this.#folder, name)
    if (this.#keep) {
      await mkdir(this.#aside, { recursive: true, mode: 0o700 })
      await rename(path, join(this.#aside, `${basename(this.#folder)}-${name}`))
    } else await unlink(path)
    this.#keep = false
    this.#position = { segment: round.next.segment + 1, offset: 0, block: 0, cipher: null }
  }

  #room(length: number): Buffer {
    if (this.#buffer.length < length) this.#buffer = Buffer.alloc(length)
    return this.#buffer.subarray(0, length)
  }

  async #segments(): Promise<number[]> {
    const names = await readdir(this.#folder)
    return names
      .map(segmentNumber)
      .filter((number) => number !== null)
      .sort((a, b) => a - b)
  }

  async #read(file: FileHandle, position: Position, size: number, live: boolean): Promise<Round | null> {
    let { cipher, offset, block } = position
    let read = 0
    if (cipher === null) {
      const header = await readAt(file, 0, Buffer.alloc(Math.min(size, HEADER_BYTES)))
      if (header.length < HEADER_BYTES) return live ? null : this.#tail(position, new FrameIndex(), 0, null)
      const facts = readHeader(this.#key, header)
      if (facts === null)
        return this.#tail(position, new FrameIndex(), size, isZero(header) ? null : 'not a segment of this key')
      cipher = new SegmentCipher(this.#key, header)
      block = facts.firstBlock
      offset = HEADER_BYTES
      read = HEADER_BYTES
    }
    let bytes = await readAt(file, offset, this.#room(Math.min(ROUND_BYTES, size - offset)))
    const needed = blockLength(bytes, 0)
    if (needed > bytes.length && needed <= size - offset) bytes = await readAt(file, offset, Buffer.alloc(needed))

    const frames = new FrameIndex()
    let at = 0
    const here = () => ({ segment: position.segment, offset: offset + at, block, cipher })
    for (;;) {
      const found = blockAt(bytes, at)
      const atEnd = offset + bytes.length >= size
      if (typeof found === 'string') {
        if (found === 'incomplete' && !atEnd) break
        if (live) {
          // What the writer calls whole is whole; anything else is damage.
          if (at === bytes.length) break
          return { ...this.#tail(here(), frames, read + at, `block ${block} cannot be read`), segmentDone: false }
        }
        const torn = found === 'incomplete' || isZero(bytes.subarray(at))
        return this.#tail(here(), frames, read + bytes.length, torn ? null : `block ${block} has no length`)
      }
      const plain = cipher.open(block, found.sealed)
      if (plain === null) {
        const torn = !live && offset + found.end >= size
        return this.#tail(here(), frames, read + found.end, torn ? null : `block ${block} does not open`)
      }
      const ended = frames.add(plain)
      at = found.end
      block++
      if (ended) return this.#tail(here(), frames, read + at, offset + at < size ? 'goes on after its end' : null)
    }
    if (at === 0) return null
    return { frames, block: block - 1, bytes: read + at, damage: null, next: here(), segmentDone: false }
  }

  #tail(next: Position, frames: FrameIndex, bytes: number, damage: string | null): Round {
    return { frames, block: next.block - 1, bytes, damage, next, segmentDone: true }
  }
}

/** Fills `buffer` from the file, as far as that goes. */
async function readAt(file: FileHandle, offset: number, buffer: Buffer): Promise<Buffer> {
  let read = 0
  while (read < buffer.length) {
    const { bytesRead } = await file.read(buffer, read, buffer.length - read, offset + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return buffer.subarray(0, read)
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
