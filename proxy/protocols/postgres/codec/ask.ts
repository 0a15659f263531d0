/** Messages by which the gateway asks a question of its own through the extended protocol. */

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.allocUnsafe(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

const NONE = Buffer.of(0, 0)
const cstring = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf8')

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** `types`: object ids of the parameters' types; 0, or none: as the server infers. */
export function parseMessage(name: string, text: string, types: readonly number[] = []): Buffer {
  return message('P', Buffer.concat([cstring(name), cstring(text), int16(types.length), ...types.map(int32)]))
}

/** Strings go in text format, bytes in binary. Results come as text. */
export function bindMessage(
  portal: string,
  statement: string,
  values: readonly (string | Uint8Array | null)[] = [],
): Buffer {
  const formats = values.map((value) => int16(value instanceof Uint8Array ? 1 : 0))
  const sent = values.map((value) => {
    if (value === null) return int32(-1)
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value
    return Buffer.concat([int32(bytes.length), bytes])
  })
  const parts = [cstring(portal), cstring(statement), int16(values.length), ...formats, int16(values.length), ...sent]
  return message('B', Buffer.concat([...parts, NONE]))
}

export function executeMessage(portal: string): Buffer {
  return message('E', Buffer.concat([cstring(portal), int32(0)]))
}

export function closeMessage(kind: 'S' | 'P', name: string): Buffer {
  return message('C', cstring(`${kind}${name}`))
}
