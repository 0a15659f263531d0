import { MessageReader } from './message-reader'
import type { ReplayCell, ReplayColumn, ReplayNotice } from './postgres-result'
import { typeName } from './postgres-types'
import { binaryText, hexText, isTextual, utf8Text } from './postgres-values'

/** Columns of a RowDescription's body. `formats` of the Bind, where known, say more than the description of a statement does. */
export function readColumns(body: Uint8Array, formats?: readonly number[]): ReplayColumn[] {
  const reader = new MessageReader(body)
  const count = reader.uint16()
  return Array.from({ length: count }, (_, i) => {
    const name = reader.text()
    reader.bytes(6)
    const typeOid = reader.uint32()
    reader.bytes(6)
    const described = reader.uint16()
    const format = formats === undefined ? described : formatOf(formats, i)
    return { name, type: typeName(typeOid), typeOid, format: format === 1 ? 'binary' : 'text' }
  })
}

function formatOf(formats: readonly number[], column: number): number {
  if (formats.length === 0) return 0
  return (formats.length === 1 ? formats[0] : formats[column]) ?? 0
}

/** One value; `maxBytes` is how much of it is kept. */
export function readCell(bytes: Uint8Array, column: ReplayColumn, maxBytes: number): ReplayCell {
  const textual = column.format === 'text' || isTextual(column.typeOid)
  if (bytes.length > maxBytes) return cutCell(bytes, textual, maxBytes)
  const text = column.format === 'text' ? utf8Text(bytes) : binaryText(column.typeOid, bytes)
  return text ?? { text: hexText(bytes), form: 'hex', bytes: bytes.length, cut: false }
}

function cutCell(bytes: Uint8Array, textual: boolean, maxBytes: number): ReplayCell {
  let end = maxBytes
  // A cut in the middle of a character would make the whole beginning unreadable.
  while (textual && end > maxBytes - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  const text = textual ? utf8Text(bytes.subarray(0, end)) : null
  return text === null
    ? { text: hexText(bytes.subarray(0, maxBytes)), form: 'hex', bytes: bytes.length, cut: true }
    : { text, form: 'text', bytes: bytes.length, cut: true }
}

/** An ErrorResponse or NoticeResponse. */
export function readNotice(body: Uint8Array): ReplayNotice {
  const reader = new MessageReader(body)
  const fields = new Map<string, string>()
  for (let code = reader.uint8(); code !== 0; code = reader.uint8())
    fields.set(String.fromCharCode(code), reader.text())
  const position = Number(fields.get('P'))
  return {
    severity: fields.get('V') ?? fields.get('S') ?? '',
    code: fields.get('C') ?? '',
    message: fields.get('M') ?? '',
    detail: fields.get('D') ?? null,
    hint: fields.get('H') ?? null,
    position: Number.isSafeInteger(position) && position > 0 ? position : null,
  }
}
