/** Encoders of every message of the protocol, written from its documentation and not from the codec, to test the codec with. */

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const zero = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'utf8'), Buffer.of(0)])

/** A message with its type letter and length. */
export function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(body.length + 4), body])
}

type Value = string | Buffer | null

const value = (item: Value): Buffer => {
  if (item === null) return int32(-1)
  const bytes = Buffer.from(item)
  return Buffer.concat([int32(bytes.length), bytes])
}

export interface BindInput {
  readonly portal?: string
  readonly statement?: string
  readonly values?: readonly Value[]
  readonly valueFormats?: readonly number[]
  readonly formats?: readonly number[]
}

/** What a client sends. */
export const front = {
  query: (text: string) => message('Q', zero(text)),
  parse: (name: string, text: string, types: readonly number[] = []) =>
    message('P', zero(name), zero(text), int16(types.length), ...types.map(int32)),
  bind: ({ portal = '', statement = '', values = [], valueFormats = [], formats = [] }: BindInput = {}) =>
    message(
      'B',
      zero(portal),
      zero(statement),
      int16(valueFormats.length),
      ...valueFormats.map(int16),
      int16(values.length),
      ...values.map(value),
      int16(formats.length),
      ...formats.map(int16),
    ),
  describe: (kind: 'S' | 'P', name: string) => message('D', Buffer.from(kind), zero(name)),
  execute: (portal = '', maxRows = 0) => message('E', zero(portal), int32(maxRows)),
  close: (kind: 'S' | 'P', name: string) => message('C', Buffer.from(kind), zero(name)),
  sync: () => message('S'),
  flush: () => message('H'),
  terminate: () => message('X'),
  functionCall: (oid: number) => message('F', int32(oid), int16(0), int16(0), int16(0)),
  copyData: (data: string | Buffer) => message('d', Buffer.from(data)),
  copyDone: () => message('c'),
  copyFail: (reason: string) => message('f', zero(reason)),
}

/** What a target sends. */
export const back = {
  parseComplete: () => message('1'),
  bindComplete: () => message('2'),
  closeComplete: () => message('3'),
  noData: () => message('n'),
  emptyQuery: () => message('I'),
  portalSuspended: () => message('s'),
  ready: (status: 'I' | 'T' | 'E' = 'I') => message('Z', Buffer.from(status)),
  rowDescription: (...names: string[]) =>
    message(
      'T',
      int16(names.length),
      ...names.map((name) =>
        Buffer.concat([zero(name), int32(0), int16(0), int32(25), int16(65_535), int32(-1), int16(0)]),
      ),
    ),
  dataRow: (...values: Value[]) => message('D', int16(values.length), ...values.map(value)),
  complete: (tag: string) => message('C', zero(tag)),
  parameterDescription: (...types: number[]) => message('t', int16(types.length), ...types.map(int32)),
  parameterStatus: (name: string, text: string) => message('S', zero(name), zero(text)),
  notification: (channel: string, payload: string) => message('A', int32(7), zero(channel), zero(payload)),
  copyIn: (columns = 1) =>
    message('G', Buffer.of(0), int16(columns), ...Array.from({ length: columns }, () => int16(0))),
  copyOut: (columns = 1) =>
    message('H', Buffer.of(0), int16(columns), ...Array.from({ length: columns }, () => int16(0))),
  copyBoth: () => message('W', Buffer.of(0), int16(0)),
  copyData: (data: string | Buffer) => message('d', Buffer.from(data)),
  copyDone: () => message('c'),
  error: (code: string, text = 'no', severity = 'ERROR') =>
    message('E', zero(`S${severity}`), zero(`V${severity}`), zero(`C${code}`), zero(`M${text}`), Buffer.of(0)),
  notice: (text: string) =>
    message('N', zero('SNOTICE'), zero('VNOTICE'), zero('C00000'), zero(`M${text}`), Buffer.of(0)),
}
