import { LIMIT_RANGES } from '../limit-ranges'
import { MessageReader } from './message-reader'
import { MessageStream } from './message-stream'
import type { ReplayColumn, ReplayResult, ReplaySet } from './postgres-result'
import { readCell, readColumns, readNotice } from './postgres-rows'

export interface ReplayOptions {
  /** Which set's rows are wanted, counted from 0. */
  readonly set: number
  /** Which of its rows: [offset, offset + limit). */
  readonly offset: number
  readonly limit: number
  /** Values longer than this are cut, visibly. */
  readonly cellBytes: number
  /** Columns that lay out rows which come without a RowDescription of their own. */
  readonly layout?: readonly ReplayColumn[]
  /** Result format codes of the Bind: none: all text; one: for all columns; else one per column. */
  readonly formats?: readonly number[]
}

const MAX_NOTICES = 100
const MAX_SETS = 1_000

/**
 * Turns the recorded backend messages of one operation back into what the client saw (PostgreSQL protocol 3.0, "Message Formats").
 * Pure and streaming: feed chunks in order, then take `result`. Never throws on bytes; what is no protocol shows as `damaged`.
 */
export class PostgresReplay {
  /** A recording may be from a time of another limit. */
  readonly #stream = new MessageStream(LIMIT_RANGES.messageBytes[1] + 4)
  readonly #options: ReplayOptions
  readonly #sets: ReplaySet[] = []
  readonly #result: Omit<ReplayResult, 'sets' | 'damaged'> = { notices: [], errors: [], notifications: [] }
  #open: ReplaySet | null = null
  #unreadable = false

  constructor(options: ReplayOptions) {
    this.#options = options
  }

  /** True when the rows that were asked for are all there: reading on only counts the rest. */
  get satisfied(): boolean {
    const { set, offset, limit } = this.#options
    const wanted = this.#sets[set]
    return wanted !== undefined && (wanted.rowCount >= offset + limit || wanted !== this.#open)
  }

  feed(chunk: Uint8Array): void {
    if (this.#unreadable) return
    try {
      const wants = (type: string) => (type !== 'D' && type !== 'd') || this.#inWindow()
      for (const { type, body } of this.#stream.feed(chunk, wants)) this.#handlers[type]?.(body)
    } catch {
      this.#unreadable = true
    }
  }

  /** `partial`: not everything was fed, so an open end is no damage. */
  result(fed: 'all' | 'partial'): ReplayResult {
    const open = this.#open
    if (open?.kind === 'rows' && open.rowCount === 0 && open.tag === null) open.kind = 'described'
    const damaged = this.#unreadable || this.#stream.damaged || (fed === 'all' && this.#stream.midway)
    return { sets: this.#sets, ...this.#result, damaged }
  }

  /** What is not here says nothing about a result: parameter values, readiness, completion of Parse and Bind. */
  readonly #handlers: Readonly<Record<string, (body: Uint8Array) => void>> = {
    T: (body) => this.#begin('rows', readColumns(body, this.#options.formats)),
    D: (body) => this.#row(body),
    H: (body) => this.#begin('copy-out', [copyColumn(body)]),
    d: (body) => this.#copyData(body),
    G: () => this.#begin('copy-in', []),
    C: (body) => this.#end(new MessageReader(body).text(), 'command'),
    I: () => this.#end('', 'empty'),
    s: () => this.#suspend(),
    E: (body) => this.#fail(body),
    N: (body) => this.#keep(this.#result.notices, () => readNotice(body)),
    A: (body) => this.#keep(this.#result.notifications, () => readNotification(body)),
  }

  #fail(body: Uint8Array): void {
    this.#keep(this.#result.errors, () => readNotice(body))
    this.#open = null
  }

  #begin(kind: ReplaySet['kind'], columns: ReplayColumn[]): ReplaySet {
    const set: ReplaySet = { kind, columns, rowCount: 0, rows: [], tag: null, suspended: false, complete: false }
    if (this.#sets.length < MAX_SETS) this.#sets.push(set)
    this.#open = set
    return set
  }

  #inWindow(): boolean {
    const { set, offset, limit } = this.#options
    const wanted = this.#open === null ? this.#sets.length === set : this.#sets[set] === this.#open
    const at = this.#open?.rowCount ?? 0
    return wanted && at >= offset && at < offset + limit
  }

  #row(body: Uint8Array): void {
    const set = this.#open ?? this.#begin('rows', [...(this.#options.layout ?? [])])
    if (this.#inWindow()) {
      const reader = new MessageReader(body)
      const count = reader.uint16()
      while (set.columns.length < count) set.columns.push(unknownColumn(set.columns.length))
      const cells = Array.from({ length: count }, (_, i) => {
        const length = reader.int32()
        return length < 0
          ? null
          : readCell(reader.bytes(length), set.columns[i] ?? unknownColumn(i), this.#options.cellBytes)
      })
      set.rows.push(cells)
    }
    set.rowCount++
  }

  #copyData(body: Uint8Array): void {
    const set = this.#open ?? this.#begin('copy-out', [copyColumn(new Uint8Array())])
    const [column] = set.columns
    if (column !== undefined && this.#inWindow()) {
      const line = column.format === 'text' && body.at(-1) === 0x0a ? body.subarray(0, -1) : body
      set.rows.push([readCell(line, column, this.#options.cellBytes)])
    }
    set.rowCount++
  }

  #end(tag: string, alone: 'command' | 'empty'): void {
    const set = this.#open ?? this.#begin(alone, [])
    set.tag = tag
    set.complete = true
    this.#open = null
  }

  #suspend(): void {
    const set = this.#open ?? this.#begin('rows', [...(this.#options.layout ?? [])])
    set.suspended = true
    set.complete = true
    this.#open = null
  }

  #keep<T>(list: T[], read: () => T): void {
    if (list.length < MAX_NOTICES) list.push(read())
  }
}

function copyColumn(body: Uint8Array): ReplayColumn {
  return { name: 'COPY data', type: 'text', typeOid: 25, format: body[0] === 1 ? 'binary' : 'text' }
}

function unknownColumn(index: number): ReplayColumn {
  return { name: `column ${index + 1}`, type: 'unknown', typeOid: 0, format: 'text' }
}

function readNotification(body: Uint8Array): { channel: string; payload: string } {
  const reader = new MessageReader(body)
  reader.int32()
  return { channel: reader.text(), payload: reader.text() }
}
