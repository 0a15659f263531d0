import { hash } from 'node:crypto'
import { canonicalJson, type Json } from './canonical'

/**
 * The hash chain of one session: h(0) = SHA-256(32 zero bytes ‖ line 0), h(n) = SHA-256(h(n-1) ‖ line n), where a line is the UTF-8
 * of an event's canonical JSON without a line end. See `lib/domain/event.ts`.
 */
const HASH_BYTES = 32

/** What the first line is linked to. */
export function chainStart(): Buffer {
  return Buffer.alloc(HASH_BYTES)
}

/** The chain's hash after `line`, given the hash before it. */
export function linkLine(previous: Uint8Array, line: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(HASH_BYTES + line.length)
  input.set(previous, 0)
  input.set(line, HASH_BYTES)
  return hash('sha256', input, 'buffer')
}

/** `linkLine` for many lines that stand in buffers, without an allocation for each. */
export class ChainLinker {
  #input = Buffer.allocUnsafe(4096)

  /** `head`: the hash to go on from; then the one after the last line. */
  constructor(public head: Uint8Array) {}

  /** The line is bytes [start, end) of `buffer`. */
  link(buffer: Buffer, start: number, end: number): void {
    const length = HASH_BYTES + end - start
    if (length > this.#input.length) this.#input = Buffer.allocUnsafe(length * 2)
    this.#input.set(this.head, 0)
    buffer.copy(this.#input, HASH_BYTES, start, end)
    this.head = hash('sha256', this.#input.subarray(0, length), 'buffer')
  }
}

/** A stored run of consecutive events: the lines joined by line ends, and the chain's hash after the last. */
export interface EventRun {
  readonly firstSeq: number
  readonly lastSeq: number
  readonly data: Uint8Array
  readonly head: Uint8Array
}

type ChainFault =
  | 'not-json'
  | 'not-canonical'
  | 'out-of-sequence'
  | 'hash-differs'
  | 'does-not-start-with-open'
  | 'goes-on-after-close'
  | 'truncated'

export type ChainVerdict =
  | { readonly ok: true; readonly events: number; readonly head: Buffer; readonly closed: boolean }
  /** `seq` is where the fault shows; what is before it is proven unchanged only up to the last good head. */
  | { readonly ok: false; readonly seq: number; readonly fault: ChainFault }

/** Follows a session's runs in order, one at a time, so that a long session never stands in memory. */
export interface ChainVerifier {
  /** Returns false once a fault was found; later runs are then ignored. */
  run(run: EventRun): boolean
  /** `expected` is what is known from elsewhere (the session's row, a checkpoint): it shows a missing tail. */
  finish(expected: { readonly lastSeq: number; readonly head: Uint8Array | null }): ChainVerdict
}

/** Finds edited, removed, inserted, reordered and truncated events. Needs the runs from the first event on. */
export function verifyChain(): ChainVerifier {
  let head: Buffer = chainStart()
  let next = 0
  let closed = false
  let failed: { seq: number; fault: ChainFault } | null = null

  const line = (bytes: Uint8Array): ChainFault | null => {
    const event = parse(bytes)
    if (event === null) return 'not-json'
    if (canonicalJson(event) !== Buffer.from(bytes).toString('utf8')) return 'not-canonical'
    if (event.seq !== next) return 'out-of-sequence'
    if (closed) return 'goes-on-after-close'
    if ((next === 0) !== (event.kind === 'session.open')) return 'does-not-start-with-open'
    closed = event.kind === 'session.close'
    head = linkLine(head, bytes)
    next++
    return null
  }
  const fail = (fault: ChainFault): false => {
    failed ??= { seq: next, fault }
    return false
  }

  return {
    run(run) {
      if (failed !== null) return false
      if (run.firstSeq !== next) return fail('out-of-sequence')
      for (const bytes of splitLines(run.data)) {
        const fault = line(bytes)
        if (fault !== null) return fail(fault)
      }
      if (run.lastSeq !== next - 1) return fail('truncated')
      return head.equals(run.head) || fail('hash-differs')
    },
    finish(expected) {
      if (failed === null && expected.lastSeq !== next - 1) {
        fail(expected.lastSeq > next - 1 ? 'truncated' : 'out-of-sequence')
      }
      if (failed === null && expected.head !== null && !head.equals(expected.head)) fail('hash-differs')
      return failed === null ? { ok: true, events: next, head, closed } : { ok: false, ...failed }
    },
  }
}

function parse(bytes: Uint8Array): { readonly [key: string]: Json | undefined } | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, Json>) : null
  } catch {
    return null
  }
}

const LINE_END = 0x0a

/** Lines of a run. JSON text has no bare line end, so each line end is a separator. */
export function* splitLines(data: Uint8Array): Generator<Uint8Array> {
  let from = 0
  while (from <= data.length) {
    const end = data.indexOf(LINE_END, from)
    if (end < 0) {
      yield data.subarray(from)
      return
    }
    yield data.subarray(from, end)
    from = end + 1
  }
}
