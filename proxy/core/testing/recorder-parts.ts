import type { Socket } from 'node:net'
import type { Decision, SessionEvent } from '#lib/domain/event'
import type { SessionId, WorkerId } from '#lib/domain/ids'
import type { Decide, Operation, SessionHeader, UpstreamWriter } from '../ports'
import { Recorder, type RecorderOptions } from '../recorder'
import type { Shipper, ShipperReports } from '../recorder-ports'
import type { SpoolEnd } from '../spool'
import type { SegmentFile, SpoolDisk } from '../spool-disk'
import { FrameCursor } from '../spool-frames'
import { blockAt, HEADER_BYTES, readHeader, SegmentCipher } from '../spool-seal'

/** A disk in memory whose appends and syncs fail, and whose syncs finish, when the test says so. */
class FakeDisk implements SpoolDisk {
  readonly files = new Map<number, Buffer>()
  /** What would still be there after the power failed. */
  synced = new Map<number, Buffer>()
  /** Syncs under way, oldest first. */
  readonly pending: ((error: Error | null) => void)[] = []
  failAppends: Error | null = null
  failCreates: Error | null = null
  /** Bytes that a failing append still leaves behind. */
  torn = 0
  /** True: a sync finishes by itself, in a later turn. */
  autoSync = true

  create(number: number): SegmentFile {
    if (this.failCreates !== null) throw this.failCreates
    if (this.files.has(number)) throw new Error('EEXIST')
    this.files.set(number, Buffer.alloc(0))
    return {
      append: (bytes) => {
        const known = this.files.get(number) ?? Buffer.alloc(0)
        const kept = this.failAppends === null ? bytes : bytes.subarray(0, this.torn)
        this.files.set(number, Buffer.concat([known, kept]))
        if (this.failAppends !== null) throw this.failAppends
      },
      sync: (done) => {
        const now = this.files.get(number) ?? Buffer.alloc(0)
        const finish = (error: Error | null) => {
          if (error === null) this.synced.set(number, now)
          done(error)
        }
        if (this.autoSync) setImmediate(() => finish(null))
        else this.pending.push(finish)
      },
      close: () => {},
    }
  }

  finishSync(error: Error | null = null): void {
    this.pending.shift()?.(error)
  }
}

/** A store that takes everything at once, unless told otherwise. */
export class FakeShipper implements Shipper {
  reports: ShipperReports | null = null
  asked: SpoolEnd | null = null
  auto = true

  start(reports: ShipperReports): void {
    this.reports = reports
    reports.store(true)
  }

  ship(end: SpoolEnd): void {
    this.asked = end
    if (this.auto) setImmediate(() => this.commit())
  }

  /** Everything asked for is in the store now. */
  commit(): void {
    if (this.asked !== null) this.reports?.shipped(this.asked)
  }

  recover = (): Promise<number> => Promise.resolve(0)
  stop = (): Promise<void> => Promise.resolve()
}

/** What went out to a peer, and its back-pressure. */
export class FakeWriter implements UpstreamWriter {
  readonly written: string[] = []
  room = true
  onWrite: (bytes: Uint8Array) => void = () => {}
  #drain: () => void = () => {}

  write(bytes: Uint8Array): boolean {
    this.written.push(Buffer.from(bytes).toString('latin1'))
    this.onWrite(bytes)
    return this.room
  }

  onDrain(listener: () => void): void {
    this.#drain = listener
  }

  drain(): void {
    this.room = true
    this.#drain()
  }

  end(): void {}

  /** The part of a socket that the recorder looks at. */
  asSocket(): Socket {
    const on = (event: string, listener: () => void) => {
      if (event === 'drain') this.onDrain(listener)
    }
    return { writable: true, write: (bytes: Uint8Array) => this.write(bytes), on } as unknown as Socket
  }
}

const allowed: Decision = { effect: 'allow', policy: 'access', reason: 'a member of engineers' }
export const allowAll: Decide = () => ({ decision: allowed })

export function header(session: string, worker = 'wrk_00000000000000000001'): SessionHeader {
  return {
    session: session as SessionId,
    protocol: 'postgres',
    principal: { id: 'pri_a', kind: 'agent', name: 'autogen', groups: ['agents'] },
    onBehalfOf: { id: 'pri_b', name: 'Ada' },
    token: 'tok_a',
    run: null,
    connection: { id: 'con_a', name: 'shop', version: 3 },
    target: { host: 'db.internal', port: 5432, user: 'app', database: 'shop' },
    client: { address: '10.0.0.9', application: 'psql' },
    worker: worker as WorkerId,
    policy: 'access-groups',
    signInId: null,
    tags: { env: 'prod' },
  }
}

export function query(text: string, effect: Operation['effect'] = 'read'): Operation {
  return { type: 'query', text, effect, facts: null, state: null }
}

/** A frame as an object of its own. */
type Frame = { readonly session: string } & (
  | { readonly type: 'event'; readonly line: string }
  | { readonly type: 'raw'; readonly stream: string; readonly bytes: Buffer }
  | { readonly type: 'packed'; readonly stream: string; readonly codec: number; readonly bytes: Uint8Array }
  | { readonly type: 'cut' | 'row' | 'end' }
)

function frameAt(cursor: FrameCursor): Frame {
  const { type, session } = cursor
  if (type === 'event') return { type, session, line: cursor.text }
  if (type === 'raw') return { type, session, stream: cursor.stream, bytes: Buffer.from(cursor.raw) }
  if (type === 'packed') return { type, session, stream: cursor.stream, ...cursor.packed }
  return { type, session }
}

/** Every frame that segments hold, in order. Stops at what cannot be opened. */
export function framesIn(files: ReadonlyMap<number, Buffer>): Frame[] {
  const frames: Frame[] = []
  const cursor = new FrameCursor()
  for (const bytes of files.values()) {
    const header = readHeader(KEY, bytes)
    if (header === null) continue
    const cipher = new SegmentCipher(KEY, bytes)
    let block = header.firstBlock
    for (let at = HEADER_BYTES; ; block++) {
      const found = blockAt(bytes, at)
      const plain = typeof found === 'string' ? null : cipher.open(block, found.sealed)
      if (typeof found === 'string' || plain === null) break
      cursor.open(plain)
      while (cursor.next()) frames.push(frameAt(cursor))
      at = found.end
    }
  }
  return frames
}

/** The events of a session that segments hold. */
export function eventsIn(files: ReadonlyMap<number, Buffer>, session: string): SessionEvent[] {
  return framesIn(files).flatMap((frame) =>
    frame.type === 'event' && frame.session === session ? [JSON.parse(frame.line) as SessionEvent] : [],
  )
}

export interface Harness {
  readonly recorder: Recorder
  readonly disk: FakeDisk
  readonly shipper: FakeShipper
  readonly log: string[]
  /** Monotonic time of the harness. */
  time: { nowMs: number }
}

const KEY = Buffer.alloc(32, 7)

/** A recorder over fakes. Turns and delays run on the real event loop unless `options` say otherwise. */
export function harness(options: Partial<RecorderOptions> = {}): Harness {
  const disk = new FakeDisk()
  const shipper = new FakeShipper()
  const log: string[] = []
  const time = { nowMs: 1_000 }
  const recorder = new Recorder({
    disk,
    shipper,
    key: KEY,
    clock: { now: () => 1_700_000_000_000 + time.nowMs, monotonicMs: () => time.nowMs },
    limits: { spoolBytes: 1 << 28, spoolMs: 60_000, recordingBytes: 1 << 30 },
    random: (length) => Buffer.alloc(length, 1),
    later: (turn) => void setImmediate(turn),
    delay: (_, task) => void setImmediate(task),
    log: (level, message) => void log.push(`${level}: ${message}`),
    ...options,
  })
  return { recorder, disk, shipper, log, time }
}

/** Lets everything that is due happen: `turns` rounds of the event loop. */
export async function turns(count = 6): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => void setImmediate(resolve))
}
