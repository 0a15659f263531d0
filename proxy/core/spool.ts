import type { SegmentFile, SpoolDisk } from './spool-disk'
import { endFrame, FrameBuffer } from './spool-frames'
import { makeHeader, SegmentCipher } from './spool-seal'
import { SpoolSync } from './spool-sync'

const SEGMENT_BYTES = 16 * 1024 * 1024
const BLOCK_BYTES = 1024 * 1024

export interface SpoolOptions {
  readonly disk: SpoolDisk
  readonly key: Uint8Array
  random(length: number): Uint8Array
  /** Runs `turn` once, after what this turn of the event loop still reads. */
  later(turn: () => void): void
  /** A segment is closed once it is at least this long. */
  readonly segmentBytes?: number
  /** Runs `task` once, `ms` from now. */
  delay(ms: number, task: () => void): void
  readonly onAppended: () => void
  readonly onSynced: () => void
  /** The disk failed: nothing is appended or synced any more until `reopen`. What was not appended is lost. */
  readonly onFailed: (error: Error) => void
}

/** Whoever had frames in a block: told once the block is in the file. */
export interface BlockParty {
  blockAppended(): void
}

/** Where the spool ends: bytes [0, bytes) of segment `segment` are whole blocks. */
export interface SpoolEnd {
  readonly segment: number
  readonly bytes: number
  readonly block: number
  /** Bytes of all segments together. */
  readonly total: number
}

/**
 * The encrypted local log of one worker. Frames of all sessions gather in one block during a turn of the event loop; at its end the
 * block is sealed and appended with one write. Knows nothing of what the frames mean.
 */
export class Spool {
  readonly frames = new FrameBuffer()
  readonly sync: SpoolSync
  readonly #options: SpoolOptions
  readonly #parties = new Set<BlockParty>()
  #file: SegmentFile | null = null
  #cipher: SegmentCipher | null = null
  #segment = 0
  #bytes = 0
  #total = 0
  #filling = 1
  #appended = 0
  #scheduled = false
  #failure: Error | null = null

  constructor(options: SpoolOptions) {
    this.#options = options
    this.sync = new SpoolSync({
      delay: options.delay,
      onSynced: options.onSynced,
      onFailed: (error) => this.#fail(error),
    })
  }

  /** Number of the block that frames added now will stand in. */
  get filling(): number {
    return this.#filling
  }

  /** Number of the last block in the file. */
  get appended(): number {
    return this.#appended
  }

  get failure(): Error | null {
    return this.#failure
  }

  get end(): SpoolEnd {
    return { segment: this.#segment, bytes: this.#bytes, block: this.appended, total: this.#total }
  }

  /** Call after adding frames: `party` has a share in the block being filled. */
  touch(party: BlockParty): void {
    this.#parties.add(party)
    if (this.frames.length > BLOCK_BYTES) this.#append()
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.later(() => this.flush())
  }

  /** Appends what has gathered and lets go of what waited for it. */
  flush(): void {
    this.#scheduled = false
    if (this.frames.length > 0) this.#append()
    if (this.#failure === null) this.#options.onAppended()
  }

  /** After a failure: starts a new segment. False when the disk still fails. */
  reopen(): boolean {
    if (this.#failure === null) return true
    try {
      this.#failure = null
      this.#rotate()
      return true
    } catch (error) {
      this.#failure = asError(error)
      return false
    }
  }

  /** Ends the segment for good. No frames afterwards. */
  close(): void {
    this.flush()
    try {
      if (this.#file !== null) this.#endSegment()
    } catch (error) {
      this.#fail(asError(error))
    }
  }

  #append(): void {
    const frames = this.frames.take()
    if (this.#failure !== null) {
      this.#parties.clear()
      return
    }
    try {
      if (this.#file === null || this.#bytes >= (this.#options.segmentBytes ?? SEGMENT_BYTES)) this.#rotate()
      this.#write(frames)
    } catch (error) {
      this.#fail(asError(error))
      return
    }
    for (const party of this.#parties) party.blockAppended()
    this.#parties.clear()
  }

  #write(frames: Uint8Array): void {
    if (this.#file === null || this.#cipher === null) throw new Error('no segment is open')
    // A number is spent even when the write fails: it must never seal two texts.
    const block = this.#cipher.seal(this.#filling, frames)
    this.#filling++
    this.#file.append(block)
    this.#bytes += block.length
    this.#total += block.length
    this.#appended = this.#filling - 1
    this.sync.appended(this.#appended)
  }

  #rotate(): void {
    if (this.#file !== null) this.#endSegment()
    const number = this.#segment + 1
    const header = makeHeader(this.#options.key, this.#options.random(32), { number, firstBlock: this.#filling })
    this.#segment = number
    const file = this.#options.disk.create(number)
    file.append(header)
    this.#cipher = new SegmentCipher(this.#options.key, header)
    this.#bytes = header.length
    this.#total += header.length
    this.#file = file
    this.sync.opened(file)
  }

  #endSegment(): void {
    this.#write(endFrame())
    this.#file = null
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return
    this.#failure = error
    this.#file = null
    this.frames.take()
    this.#parties.clear()
    this.sync.abandon()
    this.#options.onFailed(error)
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
