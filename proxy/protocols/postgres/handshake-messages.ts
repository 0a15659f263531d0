/** Messages of the start of a connection, both ways. Source: protocol 3, "Message Formats". */

export const PROTOCOL_3 = 0x0003_0000
export const SSL_REQUEST = 80_877_103
export const GSS_REQUEST = 80_877_104
export const CANCEL_REQUEST = 80_877_102

/** Kinds of an Authentication message (R). */
export const AUTH = {
  ok: 0,
  cleartext: 3,
  md5: 5,
  sasl: 10,
  saslContinue: 11,
  saslFinal: 12,
} as const

export function message(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(4 + parts.reduce((sum, part) => sum + part.length, 0), 1)
  return Buffer.concat([head, ...parts])
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf8')
}

export function authentication(kind: number): Buffer {
  return message('R', int32(kind))
}

/** Key of a session, as a cancel request presents it. */
export interface BackendKey {
  readonly processId: number
  readonly secret: Buffer
}

export function backendKeyData(key: BackendKey): Buffer {
  return message('K', int32(key.processId), key.secret)
}

export function readyForQuery(status: string): Buffer {
  return message('Z', Buffer.from(status, 'latin1'))
}

export function parameterStatus(name: string, value: string): Buffer {
  return message('S', Buffer.from(`${name}\0${value}\0`, 'latin1'))
}

/** Tells a client that asked for more than 3.0 what it gets, and which `_pq_.` options are not known here. */
export function negotiateProtocolVersion(unknownOptions: readonly string[]): Buffer {
  return message('v', int32(PROTOCOL_3), int32(unknownOptions.length), ...unknownOptions.map(cstring))
}

/** A packet of the time before messages have types. */
export function untyped(code: number, ...parts: readonly Uint8Array[]): Buffer {
  const size = 8 + parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([int32(size), int32(code), ...parts])
}

export function sslRequest(): Buffer {
  return untyped(SSL_REQUEST)
}

export function cancelRequest(key: BackendKey): Buffer {
  return untyped(CANCEL_REQUEST, int32(key.processId), key.secret)
}

export function startup(parameters: ReadonlyMap<string, string>): Buffer {
  const pairs = [...parameters].flatMap(([name, value]) => [cstring(name), cstring(value)])
  return untyped(PROTOCOL_3, ...pairs, Buffer.alloc(1))
}
