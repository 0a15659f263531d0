import type { Limits } from '#lib/domain/limits'
import type { Framing } from './framer'
import { exceeded, violation } from './violation'

/** Messages a client may send after startup (protocol 3, "Message Formats", marked F). */
export const F = {
  bind: 0x42, // B
  close: 0x43, // C
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyFail: 0x66, // f
  describe: 0x44, // D
  execute: 0x45, // E
  flush: 0x48, // H
  functionCall: 0x46, // F
  parse: 0x50, // P
  query: 0x51, // Q
  sync: 0x53, // S
  terminate: 0x58, // X
} as const

/** Room for names and counts beside the one thing in a message that has a limit of its own. */
const NAMES = 8 * 1024
const PARSE_TYPES = 4 * 65_535 + 2

/** Longest legal length field by message type; 0 for types that do not exist in this direction. */
function lengths(limits: Limits): Uint32Array {
  const longest = new Uint32Array(256)
  longest[F.bind] = limits.messageBytes
  longest[F.functionCall] = limits.messageBytes
  longest[F.copyData] = limits.messageBytes
  longest[F.query] = Math.min(limits.messageBytes, 4 + limits.statementBytes + 1)
  longest[F.parse] = Math.min(limits.messageBytes, 4 + limits.statementBytes + 1 + NAMES + PARSE_TYPES)
  for (const type of [F.close, F.describe, F.execute, F.copyFail]) longest[type] = 4 + NAMES
  for (const type of [F.copyDone, F.flush, F.sync, F.terminate]) longest[type] = 4
  return longest
}

export const statementTooLong = (limit: number) => exceeded(`A statement may have ${limit} bytes`)

export function frontendFraming(limits: Limits): Framing {
  const longest = lengths(limits)
  return {
    check(type, length) {
      const most = longest[type] ?? 0
      if (length <= most) return
      if (most === 0) throw violation('The client sent a message of an unknown type')
      if (type === F.query || type === F.parse) throw statementTooLong(limits.statementBytes)
      if (most < limits.messageBytes) throw violation('The client sent a message that is too long for its type')
      throw exceeded(`The client sent a message of more than ${limits.messageBytes} bytes`)
    },
    streams: (type) => type === F.copyData,
  }
}

/** Where a NUL-terminated string that starts at `from` ends (its NUL), inside a message that ends at `end`. */
export function stringEnd(buffer: Buffer, from: number, end: number): number {
  const at = buffer.indexOf(0, from)
  if (at < 0 || at >= end) throw violation('A string in a message does not end')
  return at
}

function demandEnd(at: number, end: number): void {
  if (at !== end) throw violation('A message is longer than its contents')
}

/** [from, to) of the text of a Query. */
export function readQuery(buffer: Buffer, start: number, end: number): readonly [number, number] {
  const nul = stringEnd(buffer, start + 5, end)
  demandEnd(nul + 1, end)
  return [start + 5, nul]
}

export interface ParseMessage {
  readonly name: string
  /** [from, to) of the statement text. */
  readonly from: number
  readonly to: number
  /** Object ids of parameter types; 0 where the client leaves one to the server. */
  readonly types: readonly number[]
}

const NO_TYPES: readonly number[] = []

/** Names are compared as bytes, so they are read as latin1. */
export function readParse(buffer: Buffer, start: number, end: number): ParseMessage {
  const nameEnd = stringEnd(buffer, start + 5, end)
  const textEnd = stringEnd(buffer, nameEnd + 1, end)
  if (textEnd + 3 > end) throw violation('A Parse message is cut short')
  const count = buffer.readUInt16BE(textEnd + 1)
  demandEnd(textEnd + 3 + 4 * count, end)
  const types =
    count === 0 ? NO_TYPES : Array.from({ length: count }, (_, i) => buffer.readUInt32BE(textEnd + 3 + 4 * i))
  return { name: buffer.toString('latin1', start + 5, nameEnd), from: nameEnd + 1, to: textEnd, types }
}

/** Describe and Close name a prepared statement or a portal. */
export interface NamedMessage {
  readonly kind: 'statement' | 'portal'
  readonly name: string
}

export function readNamed(buffer: Buffer, start: number, end: number): NamedMessage {
  if (end - start < 7) throw violation('A message is cut short')
  const letter = buffer.readUInt8(start + 5)
  if (letter !== 0x53 && letter !== 0x50) throw violation('A message names neither a statement nor a portal')
  const nul = stringEnd(buffer, start + 6, end)
  demandEnd(nul + 1, end)
  return { kind: letter === 0x53 ? 'statement' : 'portal', name: buffer.toString('latin1', start + 6, nul) }
}

export interface ExecuteMessage {
  readonly portal: string
  /** 0: no limit. A negative one means none to the server, too. */
  readonly maxRows: number
}

export function readExecute(buffer: Buffer, start: number, end: number): ExecuteMessage {
  const nul = stringEnd(buffer, start + 5, end)
  demandEnd(nul + 5, end)
  return { portal: buffer.toString('latin1', start + 5, nul), maxRows: Math.max(0, buffer.readInt32BE(nul + 1)) }
}

/** The object id of the function that a FunctionCall wants. The rest is not read: it is refused as a whole. */
export function readFunctionCall(buffer: Buffer, start: number, end: number): number {
  if (end - start < 9) throw violation('A FunctionCall message is cut short')
  return buffer.readUInt32BE(start + 5)
}

export function readCopyFail(buffer: Buffer, start: number, end: number): void {
  demandEnd(stringEnd(buffer, start + 5, end) + 1, end)
}
