const POSITIVE = 0x0000
const NEGATIVE = 0x4000
const NAN = 0xc000
const INFINITE = 0xd000
const MINUS_INFINITE = 0xf000
const DIGITS_PER_GROUP = 4
const HEADER_BYTES = 8

/** A binary numeric as text; null when the bytes are not one. Groups of four decimal digits, see numeric_send in PostgreSQL. */
export function numericText(bytes: DataView): string | null {
  if (bytes.byteLength < HEADER_BYTES) return null
  const count = bytes.getInt16(0)
  const weight = bytes.getInt16(2)
  const sign = bytes.getUint16(4)
  const scale = bytes.getUint16(6)
  if (sign === NAN) return 'NaN'
  if (sign === INFINITE) return 'Infinity'
  if (sign === MINUS_INFINITE) return '-Infinity'
  if ((sign !== POSITIVE && sign !== NEGATIVE) || count < 0 || bytes.byteLength !== HEADER_BYTES + count * 2)
    return null
  const group = (at: number) => (at >= 0 && at < count ? bytes.getUint16(HEADER_BYTES + at * 2) : 0)
  let whole = ''
  for (let at = 0; at <= weight; at++) whole += String(group(at)).padStart(DIGITS_PER_GROUP, '0')
  let fraction = ''
  for (let at = weight + 1; fraction.length < scale; at++) fraction += String(group(at)).padStart(DIGITS_PER_GROUP, '0')
  const integer = whole.replace(/^0+(?=\d)/, '') || '0'
  return `${sign === NEGATIVE ? '-' : ''}${integer}${scale > 0 ? `.${fraction.slice(0, scale)}` : ''}`
}
