import { numericText } from './postgres-numeric'
import { dateText, intervalText, timestampText, timeText, zoneText } from './postgres-time'
import { isArrayType } from './postgres-types'

/** Reads a value in binary format (the types' send functions in PostgreSQL); null when it is not a valid one. */
type Decode = (bytes: Uint8Array, view: DataView) => string | null

const TEXT: Decode = (bytes) => utf8Text(bytes)
const ofSize =
  (size: number, read: (view: DataView) => string): Decode =>
  (bytes, view) =>
    bytes.length === size ? read(view) : null

const DECODERS: Readonly<Record<number, Decode>> = {
  16: ofSize(1, (view) => (view.getUint8(0) === 0 ? 'f' : 't')),
  17: (bytes) => `\\x${hexText(bytes)}`,
  18: TEXT,
  19: TEXT,
  20: ofSize(8, (view) => String(view.getBigInt64(0))),
  21: ofSize(2, (view) => String(view.getInt16(0))),
  23: ofSize(4, (view) => String(view.getInt32(0))),
  25: TEXT,
  26: ofSize(4, (view) => String(view.getUint32(0))),
  114: TEXT,
  142: TEXT,
  650: (bytes) => networkText(bytes),
  700: ofSize(4, (view) => floatText(view.getFloat32(0), Math.fround)),
  701: ofSize(8, (view) => floatText(view.getFloat64(0), (value) => value)),
  705: TEXT,
  869: (bytes) => networkText(bytes),
  1042: TEXT,
  1043: TEXT,
  1082: ofSize(4, (view) => dateText(view.getInt32(0))),
  1083: ofSize(8, (view) => timeText(view.getBigInt64(0))),
  1114: ofSize(8, (view) => timestampText(view.getBigInt64(0), '')),
  1184: ofSize(8, (view) => timestampText(view.getBigInt64(0), '+00')),
  1186: ofSize(16, (view) => intervalText(view.getBigInt64(0), view.getInt32(8), view.getInt32(12))),
  1266: ofSize(12, (view) => `${timeText(view.getBigInt64(0))}${zoneText(view.getInt32(8))}`),
  1700: (_bytes, view) => numericText(view),
  2950: (bytes) => (bytes.length === 16 ? uuidText(hexText(bytes)) : null),
  3802: (bytes) => (bytes[0] === 1 ? utf8Text(bytes.subarray(1)) : null),
}

/** A value as PostgreSQL would print it; null when its type or bytes are not understood. */
export function binaryText(oid: number, bytes: Uint8Array): string | null {
  if (isArrayType(oid)) return arrayText(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return DECODERS[oid]?.(bytes, view) ?? null
}

/** True when the binary form of the type is its text, so that a part of it still says something. */
export function isTextual(oid: number): boolean {
  return DECODERS[oid] === TEXT
}

/** Strict UTF-8; null when the bytes are something else. */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

export function hexText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

function uuidText(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The shortest text that reads back as the same number. */
function floatText(value: number, round: (value: number) => number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  if (Object.is(value, -0)) return '-0'
  for (let digits = 1; digits < 17; digits++) {
    const text = value.toPrecision(digits)
    if (round(Number(text)) === value) return String(Number(text))
  }
  return String(value)
}

const IPV4 = 2
const IPV6 = 3

function networkText(bytes: Uint8Array): string | null {
  const [family, bits, isCidr, length] = bytes
  const address = bytes.subarray(4)
  if (length !== address.length || bits === undefined) return null
  if (family === IPV4 && length === 4) return withBits([...address].join('.'), bits, isCidr === 1 || bits !== 32)
  if (family !== IPV6 || length !== 16) return null
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((address[i * 2] ?? 0) << 8) | (address[i * 2 + 1] ?? 0)).toString(16),
  )
  return withBits(compress(groups), bits, isCidr === 1 || bits !== 128)
}

function withBits(address: string, bits: number, shown: boolean): string {
  return shown ? `${address}/${bits}` : address
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function compress(groups: readonly string[]): string {
  const text = groups.join(':')
  const runs = text.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? []
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  if (longest === '') return text
  const at = text.indexOf(longest)
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, '')}`
}

const MAX_DIMENSIONS = 6

/** An array in PostgreSQL's own notation, such as `{1,NULL,"a b"}`; null when an element is not understood. */
function arrayText(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12) return null
  const dimensions = view.getInt32(0)
  const element = view.getUint32(8)
  if (dimensions === 0) return '{}'
  if (dimensions < 0 || dimensions > MAX_DIMENSIONS || bytes.length < 12 + dimensions * 8) return null
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getInt32(12 + i * 8))
  let at = 12 + dimensions * 8
  const next = (): string | null => {
    if (at + 4 > bytes.length) return null
    const length = view.getInt32(at)
    at += 4
    if (length === -1) return 'NULL'
    if (length < 0 || at + length > bytes.length) return null
    const text = binaryText(element, bytes.subarray(at, at + length))
    at += length
    return text === null ? null : quoted(text)
  }
  const level = (depth: number): string | null => {
    const parts: string[] = []
    for (let i = 0; i < (sizes[depth] ?? 0); i++) {
      const part = depth === dimensions - 1 ? next() : level(depth + 1)
      if (part === null) return null
      parts.push(part)
    }
    return `{${parts.join(',')}}`
  }
  const text = level(0)
  return at === bytes.length ? text : null
}

function quoted(text: string): string {
  return text === '' || /[\s{}",\\]/.test(text) || text.toUpperCase() === 'NULL'
    ? `"${text.replace(/["\\]/g, '\\$&')}"`
    : text
}
