import { isUtf8 } from 'node:buffer'
import { stringEnd } from './frontend'
import { violation } from './violation'

/** A value as sent: text, bytes (binary format, or text that is not UTF-8), or NULL. */
export type SentValue = string | Uint8Array | null

export interface BindMessage {
  readonly portal: string
  readonly statement: string
  readonly values: readonly SentValue[]
  /** Result format codes, as sent: none, one for all, or one a column. */
  readonly formats: readonly number[]
}

const TEXT_ONLY: readonly number[] = []

/** Reads `count` format codes at `at`; every one is 0 (text) or 1 (binary). */
function readFormats(buffer: Buffer, at: number, end: number, count: number): readonly number[] {
  if (count === 0) return TEXT_ONLY
  if (at + 2 * count > end) throw violation('A Bind message is cut short')
  const formats: number[] = []
  for (let index = 0; index < count; index++) {
    const code = buffer.readUInt16BE(at + 2 * index)
    if (code > 1) throw violation('A Bind message has an unknown format code')
    formats.push(code)
  }
  return formats
}

function readCount(buffer: Buffer, at: number, end: number): number {
  if (at + 2 > end) throw violation('A Bind message is cut short')
  return buffer.readUInt16BE(at)
}

function sentValue(buffer: Buffer, from: number, to: number, format: number): SentValue {
  if (format === 0) {
    const bytes = buffer.subarray(from, to)
    if (isUtf8(bytes)) return buffer.toString('utf8', from, to)
    return bytes
  }
  return buffer.subarray(from, to)
}

/** Reads a Bind. Binary values are views of `buffer`. */
export function readBind(buffer: Buffer, start: number, end: number): BindMessage {
  const portalEnd = stringEnd(buffer, start + 5, end)
  const statementEnd = stringEnd(buffer, portalEnd + 1, end)
  let at = statementEnd + 1
  const formatCount = readCount(buffer, at, end)
  const formats = readFormats(buffer, at + 2, end, formatCount)
  at += 2 + 2 * formatCount
  const count = readCount(buffer, at, end)
  at += 2
  if (formatCount > 1 && formatCount !== count) throw violation('A Bind message has the wrong number of format codes')
  const values: SentValue[] = []
  for (let index = 0; index < count; index++) {
    if (at + 4 > end) throw violation('A Bind message is cut short')
    const size = buffer.readInt32BE(at)
    at += 4
    if (size < -1 || at + size > end) throw violation('A value in a Bind message has an impossible length')
    if (size === -1) values.push(null)
    else {
      values.push(sentValue(buffer, at, at + size, formats[formatCount === 1 ? 0 : index] ?? 0))
      at += size
    }
  }
  const resultCount = readCount(buffer, at, end)
  const results = readFormats(buffer, at + 2, end, resultCount)
  if (at + 2 + 2 * resultCount !== end) throw violation('A Bind message is longer than its contents')
  return {
    portal: buffer.toString('latin1', start + 5, portalEnd),
    statement: buffer.toString('latin1', portalEnd + 1, statementEnd),
    values,
    formats: results,
  }
}
