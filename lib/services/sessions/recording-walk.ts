import type { SessionEvent, StreamName } from '../../domain/event'
import type { Context } from '../context'
import { type Chunk, walkChunks } from './chunks'
import { type RangeFault, RangeHasher } from './range-hasher'
import type { SessionRow } from './session-item'

const STREAMS = ['out', 'in'] as const
const MAX_FAULTS = 100

interface Walk {
  readonly chunks: AsyncGenerator<Chunk>
  /** Bytes up to here were read. */
  to: number
  ended: boolean
}

/** Reads a session's recorded bytes beside its events, so that neither stands in memory as a whole. */
export class RecordingWalk {
  readonly faults: (RangeFault & { readonly part: 'recording' })[] = []
  bytes = 0
  readonly #hasher = new RangeHasher()
  readonly #walks: Record<StreamName, Walk>

  constructor(ctx: Context, { session }: SessionRow) {
    const walk = (stream: StreamName, end: number): Walk => ({
      chunks: walkChunks(ctx.db, session.id, stream, 0, end),
      to: 0,
      ended: false,
    })
    this.#walks = { out: walk('out', session.outBytes), in: walk('in', session.inBytes) }
  }

  expect(event: SessionEvent): void {
    if (event.kind !== 'operation.outcome') return
    const missing = event.cut === true
    this.#hasher.expect('out', event.out[0], event.out[1], event.outSha256, missing)
    if (event.in && event.inSha256) this.#hasher.expect('in', event.in[0], event.in[1], event.inSha256, missing)
  }

  /** Reads as far as the expected ranges reach. */
  async keepUp(): Promise<void> {
    for (const stream of STREAMS) {
      this.#report(this.#hasher.catchUp(stream))
      while (this.#walks[stream].to < this.#hasher.wanted(stream) && (await this.#next(stream)));
    }
  }

  /** Reads the rest. */
  async finish(): Promise<void> {
    for (const stream of STREAMS) {
      while (await this.#next(stream));
      this.#report(this.#hasher.finish(stream))
    }
  }

  async #next(stream: StreamName): Promise<boolean> {
    const walk = this.#walks[stream]
    if (walk.ended) return false
    const { value, done } = await walk.chunks.next()
    if (done) {
      walk.ended = true
      return false
    }
    walk.to = value.to
    this.bytes += value.data.length
    this.#report(this.#hasher.chunk(stream, value))
    return true
  }

  #report(found: readonly RangeFault[]): void {
    for (const fault of found) if (this.faults.length < MAX_FAULTS) this.faults.push({ part: 'recording', ...fault })
  }
}
