/** Backend messages of PostgreSQL, for recordings in tests. */
export function message(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'utf8')
}

/** Columns as [name, type oid, format code]. */
export function rowDescription(...columns: readonly (readonly [string, number, number?])[]): Buffer {
  const fields = columns.map(([name, oid, format = 0]) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(oid), int16(4), int32(-1), int16(format)]),
  )
  return message('T', int16(columns.length), ...fields)
}

export function dataRow(...values: readonly (string | Uint8Array | null)[]): Buffer {
  const cells = values.map((value) => {
    if (value === null) return int32(-1)
    const bytes = Buffer.from(value)
    return Buffer.concat([int32(bytes.length), bytes])
  })
  return message('D', int16(values.length), ...cells)
}

export function commandComplete(tag: string): Buffer {
  return message('C', text(tag))
}

/** An ErrorResponse or NoticeResponse with fields by their letter. */
export function notice(type: 'E' | 'N', fields: Readonly<Record<string, string>>): Buffer {
  return message(type, ...Object.entries(fields).map(([code, value]) => text(`${code}${value}`)), Buffer.from([0]))
}
