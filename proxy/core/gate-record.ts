import type { RecordingMode } from '#lib/domain/connection'
import type { SessionEventKind, StreamName } from '#lib/domain/event'
import type { SessionId } from '#lib/domain/ids'
import { NO_BYTES, RangeHash } from './gate-hash'
import type { GateHost } from './gate-host'
import { Lane, type LanePiece, PIECE_BYTES } from './gate-lane'
import type { BlockParty } from './spool'
import { type FrameBuffer, frameId, type Verdict } from './spool-frames'

/** Output of one session in one block above which it is packed outside the event loop: sealing and shipping it raw costs more. */
const DIRECT_BYTES = 32 * 1024

export interface EventFacts {
  readonly kind: SessionEventKind
  readonly verdict: Verdict
  readonly op: number
  readonly rows: number
}

/** Bytes [from, to) of a stream and their SHA-256. */
export interface RecordedRange {
  readonly range: readonly [number, number]
  readonly sha256: string
}

/** One of a session's two recorded byte streams. */
interface StreamState {
  offset: number
  /** Where the range that belongs to the next settlement starts. */
  from: number
  readonly hash: RangeHash
}

/**
 * The record of one session: numbers its events, keeps the offsets and hashes of its streams, and puts all of it into the spool in
 * order. Whatever else must keep that order goes through `inOrder`.
 */
export class SessionRecord implements BlockParty {
  readonly out: StreamState = { offset: 0, from: 0, hash: new RangeHash() }
  readonly in: StreamState = { offset: 0, from: 0, hash: new RangeHash() }
  readonly #host: GateHost
  readonly #id: Buffer
  readonly #limit: number
  readonly #lane: Lane
  #seq = 0
  /** Events and bytes in the block being filled and in those before it. */
  readonly #added = { seq: 0, out: 0, in: 0 }
  /** Events and bytes in the file. */
  readonly #durable = { seq: 0, out: 0, in: 0 }
  #stored = 0
  #cut = false
  #lastBlock = 0
  #directBlock = 0
  #direct = 0
  #laneBytes = 0

  constructor(host: GateHost, session: SessionId, recordingBytes: number, failed: (error: unknown) => void) {
    this.#host = host
    this.#id = frameId(session)
    this.#limit = recordingBytes
    this.#lane = new Lane(host.packer, (piece) => this.#addPiece(piece), failed)
  }

  /** Bytes that wait to be packed. */
  get laneBytes(): number {
    return this.#laneBytes
  }

  /** The block that holds what was added last. */
  get lastBlock(): number {
    return this.#lastBlock
  }

  /** Whether bytes of the session's streams are missing from the store because its limit was reached. */
  get cut(): boolean {
    return this.#cut
  }

  /** Runs `task` once everything recorded before it is in the block being filled, or an earlier one. */
  inOrder(task: () => void): void {
    if (this.#lane.empty) task()
    else this.#lane.push(task)
  }

  /** Resolves once all that was added so far survives power loss (`strict`: is in the store). Rejects when the disk fails before. */
  whenSafe(recording: RecordingMode): Promise<void> {
    return new Promise((resolve, reject) => {
      this.inOrder(() => {
        this.#host.whenSafe(this.#lastBlock, recording).then(resolve, reject)
      })
    })
  }

  /** Adds an event. `line` makes its text from the number it gets. */
  event(facts: EventFacts, at: number, line: (seq: number) => string): void {
    const seq = this.#seq++
    const text = line(seq)
    if (this.#lane.empty) this.#addEvent(facts, at, seq, text)
    else this.#lane.push(() => this.#addEvent(facts, at, seq, text))
  }

  /** What the session's row says beyond its first event: put before that event, into the same block. */
  row(json: string): void {
    this.#host.spool.frames.row(this.#id, json)
  }

  /** Adds `bytes` to a stream; `then` runs once they are in the block being filled. Bytes must not change any more. */
  bytes(stream: StreamName, bytes: Uint8Array, then: () => void): void {
    const state = this[stream]
    const from = state.offset
    state.offset += bytes.length
    state.hash.add(bytes)
    this.#cut ||= this.#stored + bytes.length > this.#limit
    if (this.#cut) {
      this.inOrder(() => {
        this.#begin(stream, from + bytes.length).cut(this.#id, stream, from, from + bytes.length)
        this.#host.spool.touch(this)
        then()
      })
    } else if (this.#lane.empty && this.#directRoom(bytes.length)) {
      this.#addRaw(stream, from, bytes)
      then()
    } else {
      this.#pack(stream, from, bytes, then)
    }
  }

  /** SHA-256 of what passed since the last settlement, and where; starts the next range. */
  takeRange(stream: StreamName): RecordedRange {
    const state = this[stream]
    const range = [state.from, state.offset] as const
    state.from = state.offset
    return { range, sha256: state.hash.take() }
  }

  /** No bytes, where the range of the next settlement starts. */
  noRange(stream: StreamName): RecordedRange {
    const { from } = this[stream]
    return { range: [from, from], sha256: NO_BYTES }
  }

  /** What passed since the last settlement belongs to no operation. */
  skipRange(stream: StreamName): void {
    const state = this[stream]
    if (state.from === state.offset) return
    state.from = state.offset
    state.hash.reset()
  }

  /** Forgets what was not added to a block yet. */
  dropQueued(): void {
    this.#lane.clear()
    this.#laneBytes = 0
    this.#goBackTo(this.#added)
  }

  /** The disk failed: goes back to what is in the file, so that the end can be recorded once there is a disk again. */
  rollBack(): void {
    this.dropQueued()
    Object.assign(this.#added, this.#durable)
    this.#goBackTo(this.#durable)
  }

  #goBackTo(state: { readonly seq: number; readonly out: number; readonly in: number }): void {
    this.#seq = state.seq
    this.out.offset = state.out
    this.in.offset = state.in
    for (const stream of [this.out, this.in]) {
      stream.from = stream.offset
      stream.hash.reset()
    }
  }

  whenInOrder(): Promise<void> {
    return this.#lane.whenEmpty()
  }

  blockAppended(): void {
    this.#durable.seq = this.#added.seq
    this.#durable.out = this.#added.out
    this.#durable.in = this.#added.in
  }

  #directRoom(bytes: number): boolean {
    const block = this.#host.spool.filling
    if (block !== this.#directBlock) {
      this.#directBlock = block
      this.#direct = 0
    }
    this.#direct += bytes
    return this.#direct <= DIRECT_BYTES
  }

  #begin(stream: StreamName, to: number): FrameBuffer {
    this.#added[stream] = to
    this.#lastBlock = this.#host.spool.filling
    return this.#host.spool.frames
  }

  #addEvent(facts: EventFacts, at: number, seq: number, line: string): void {
    this.#added.seq = seq + 1
    this.#lastBlock = this.#host.spool.filling
    const { kind, verdict, op, rows } = facts
    this.#host.spool.frames.event(this.#id, { kind, verdict, seq, op, at, rows }, line)
    this.#host.spool.touch(this)
  }

  #addRaw(stream: StreamName, from: number, bytes: Uint8Array): void {
    this.#stored += bytes.length
    this.#begin(stream, from + bytes.length).raw(this.#id, stream, from, this.#host.clock.now(), bytes)
    this.#host.spool.touch(this)
  }

  #pack(stream: StreamName, from: number, bytes: Uint8Array, then: () => void): void {
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      const end = Math.min(start + PIECE_BYTES, bytes.length)
      const last = end === bytes.length
      const part = start === 0 && last ? bytes : bytes.subarray(start, end)
      this.#laneBytes += part.length
      this.#lane.pack(stream, from + start, part, () => {
        this.#laneBytes -= part.length
        if (last) then()
      })
    }
  }

  #addPiece(piece: LanePiece): void {
    this.#stored += piece.bytes.length
    const frames = this.#begin(piece.stream, piece.from + piece.rawLength)
    frames.packed(this.#id, { ...piece, at: this.#host.clock.now() })
    this.#host.spool.touch(this)
  }
}
