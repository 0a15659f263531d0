import type { Limits } from '#lib/domain/limits'
import type { Framing } from './framer'
import { stringEnd } from './frontend'
import { exceeded, violation } from './violation'

/** Messages a target may send after its first ReadyForQuery (protocol 3, "Message Formats", marked B). */
export const B = {
  bindComplete: 0x32, // 2
  closeComplete: 0x33, // 3
  commandComplete: 0x43, // C
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyIn: 0x47, // G
  copyOut: 0x48, // H
  dataRow: 0x44, // D
  emptyQuery: 0x49, // I
  error: 0x45, // E
  noData: 0x6e, // n
  notice: 0x4e, // N
  notification: 0x41, // A
  parameterDescription: 0x74, // t
  parameterStatus: 0x53, // S
  parseComplete: 0x31, // 1
  portalSuspended: 0x73, // s
  readyForQuery: 0x5a, // Z
  rowDescription: 0x54, // T
} as const

const SHORT = 64 * 1024
/** 65,535 columns of the longest identifier any build of the server allows. */
const LAYOUT = 8 * 1024 * 1024

/** Longest legal length field by message type; 0 for types that do not exist here (a replication stream is one of them). */
function lengths(limits: Limits): Uint32Array {
  const longest = new Uint32Array(256)
  for (const type of [B.dataRow, B.copyData, B.error, B.notice]) longest[type] = limits.messageBytes
  for (const type of [B.rowDescription, B.parameterDescription, B.copyIn, B.copyOut]) longest[type] = LAYOUT
  for (const type of [B.commandComplete, B.notification, B.parameterStatus]) longest[type] = SHORT
  longest[B.readyForQuery] = 5
  for (const type of [B.parseComplete, B.bindComplete, B.closeComplete, B.noData]) longest[type] = 4
  for (const type of [B.emptyQuery, B.portalSuspended, B.copyDone]) longest[type] = 4
  return longest
}

export function backendFraming(limits: Limits): Framing {
  const longest = lengths(limits)
  return {
    check(type, length) {
      const most = longest[type] ?? 0
      if (length <= most) return
      if (most === 0) throw violation('the target sent a message of an unknown type')
      if (most < limits.messageBytes) throw violation('the target sent a message that is too long for its type')
      throw exceeded(`the target sent a message of more than ${limits.messageBytes} bytes`)
    },
    streams: (type) => type === B.dataRow || type === B.copyData,
  }
}

/** Transaction status of a ReadyForQuery: I (idle), T (in a transaction) or E (in a failed one). */
export type TransactionStatus = 'I' | 'T' | 'E'

export function readReadyForQuery(buffer: Buffer, start: number, end: number): TransactionStatus {
  const letter = end - start === 6 ? buffer.readUInt8(start + 5) : 0
  if (letter === 0x49) return 'I'
  if (letter === 0x54) return 'T'
  if (letter === 0x45) return 'E'
  throw violation('the target sent an unknown transaction status')
}

/** The command tag, such as `SELECT 3`. */
export function readCommandComplete(buffer: Buffer, start: number, end: number): string {
  const nul = stringEnd(buffer, start + 5, end)
  if (nul + 1 !== end) throw violation('the target sent a malformed command tag')
  return buffer.toString('latin1', start + 5, nul)
}

/** Rows that a command tag counts; 0 for commands that count none. */
export function rowsOfTag(tag: string): number {
  const digits = tag.slice(tag.lastIndexOf(' ') + 1)
  return /^\d{1,15}$/.test(digits) ? Number(digits) : 0
}

export function readParameterStatus(buffer: Buffer, start: number, end: number): readonly [string, string] {
  const name = stringEnd(buffer, start + 5, end)
  const value = stringEnd(buffer, name + 1, end)
  if (value + 1 !== end) throw violation('the target sent a malformed parameter')
  return [buffer.toString('latin1', start + 5, name), buffer.toString('latin1', name + 1, value)]
}

export function checkNotification(buffer: Buffer, start: number, end: number): void {
  const channel = end - start < 11 ? -1 : stringEnd(buffer, start + 9, end)
  if (channel < 0 || stringEnd(buffer, channel + 1, end) + 1 !== end) {
    throw violation('the target sent a malformed notification')
  }
}

export function checkParameterDescription(buffer: Buffer, start: number, end: number): void {
  if (end - start < 7 || start + 7 + 4 * buffer.readUInt16BE(start + 5) !== end) {
    throw violation('the target sent a malformed parameter description')
  }
}

/** CopyInResponse and CopyOutResponse: overall format and one format code a column. */
export function checkCopyResponse(buffer: Buffer, start: number, end: number): void {
  if (end - start < 8 || start + 8 + 2 * buffer.readUInt16BE(start + 6) !== end || buffer.readUInt8(start + 5) > 1) {
    throw violation('the target sent a malformed copy response')
  }
  for (let at = start + 8; at < end; at += 2) {
    if (buffer.readUInt16BE(at) > 1) throw violation('the target sent a malformed copy response')
  }
}
