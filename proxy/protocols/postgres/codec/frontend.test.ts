import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SallyportError } from '#lib/domain/errors'
import { front, message } from '../testing/messages'
import { readBind } from './bind'
import { readExecute, readNamed, readParse, readQuery } from './frontend'

/** Strings that a message can carry, and names in the form in which the codec reads them. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((raw) => raw.replaceAll('\0', ''))
const latin = (raw: string) => Buffer.from(raw, 'utf8').toString('latin1')
const utf8 = (raw: string) => Buffer.from(raw, 'latin1')

const at = <T>(bytes: Buffer, read: (buffer: Buffer, start: number, end: number) => T): T => {
  // Inside a larger chunk, so that reading past the message would show.
  const chunk = Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('\0\0\0\0')])
  return read(chunk, 2, 2 + bytes.length)
}

test('Query, Parse, Describe and Execute read as they were written', () => {
  fc.assert(
    fc.property(text, text, fc.nat(1_000_000), (name, sql, rows) => {
      const query = front.query(sql)
      const [from, to] = readQuery(query, 0, query.length)
      expect(query.toString('utf8', from, to)).toBe(sql)
      const parse = front.parse(name, sql, [23, 25])
      const parsed = readParse(parse, 0, parse.length)
      expect([parsed.name, parse.toString('utf8', parsed.from, parsed.to)]).toEqual([latin(name), sql])
      expect(at(front.describe('P', name), readNamed)).toEqual({ kind: 'portal', name: latin(name) })
      expect(at(front.close('S', name), readNamed)).toEqual({ kind: 'statement', name: latin(name) })
      expect(at(front.execute(name, rows), readExecute)).toEqual({ portal: latin(name), maxRows: rows })
    }),
  )
})

const value = fc.oneof(
  fc.constant(null),
  text,
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
)

test('Bind reads as it was written: text as text, binary as bytes', () => {
  fc.assert(
    fc.property(
      text,
      text,
      fc.array(value, { maxLength: 6 }),
      fc.array(fc.constantFrom(0, 1)),
      (portal, statement, values, formats) => {
        const valueFormats = values.map((item) => (Buffer.isBuffer(item) ? 1 : 0))
        const bind = at(front.bind({ portal, statement, values, valueFormats, formats }), readBind)
        expect(bind).toEqual({ portal: latin(portal), statement: latin(statement), values, formats })
      },
    ),
  )
})

test('one format code stands for all values', () => {
  const bind = at(front.bind({ values: ['a', null, 'b'], valueFormats: [1] }), readBind)
  expect(bind.values).toEqual([Buffer.from('a'), null, Buffer.from('b')])
})

test('a text value that is not UTF-8 is kept as bytes', () => {
  const bind = at(front.bind({ values: [Buffer.of(0xff)] }), readBind)
  expect(bind.values).toEqual([Buffer.of(0xff)])
})

test('the number of value format codes is none, one, or one a value', () => {
  const bind = (count: number) =>
    front.bind({ values: ['a', 'b', 'c'], valueFormats: Array.from({ length: count }, () => 0) })
  for (const count of [0, 1, 3]) expect(() => at(bind(count), readBind)).not.toThrow()
  for (const count of [2, 4]) expect(() => at(bind(count), readBind)).toThrow(SallyportError)
})

/** Re-encodes what was read; null when it was refused. */
const READERS: readonly (readonly [string, (body: Buffer) => Buffer | null])[] = [
  ['Query', (body) => rewrite(body, 'Q', readQuery, ([from, to], bytes) => [bytes.subarray(from, to), Buffer.of(0)])],
  [
    'Describe',
    (body) =>
      rewrite(body, 'D', readNamed, ({ kind, name }) => [
        Buffer.from(kind === 'portal' ? 'P' : 'S'),
        utf8(name),
        Buffer.of(0),
      ]),
  ],
  [
    'Bind',
    (body) =>
      rewrite(body, 'B', readBind, ({ portal, statement, values, formats }, bytes) => {
        // Value format codes are not kept: take them from where they stand.
        const codesAt = 5 + portal.length + 1 + statement.length + 1
        const codes = Array.from({ length: bytes.readUInt16BE(codesAt) }, (_, index) =>
          bytes.readUInt16BE(codesAt + 2 + 2 * index),
        )
        const sent = values.map((item) => (item === null ? null : Buffer.from(item)))
        const again = front.bind({ values: sent, valueFormats: codes, formats })
        return [utf8(portal), Buffer.of(0), utf8(statement), Buffer.of(0), again.subarray(7)]
      }),
  ],
]

function rewrite<T>(
  body: Buffer,
  type: string,
  read: (buffer: Buffer, start: number, end: number) => T,
  write: (value: T, bytes: Buffer) => Buffer[],
): Buffer | null {
  const bytes = message(type, body)
  try {
    return message(type, ...write(read(bytes, 0, bytes.length), bytes))
  } catch (error) {
    expect(error).toBeInstanceOf(SallyportError)
    return null
  }
}

/** Bodies that are sometimes nearly right. */
const body = fc
  .array(
    fc.oneof(
      fc.constantFrom([0], [0, 0], [0, 1], [0, 0, 0, 1], [255, 255, 255, 255], [0x53], [0x50]),
      fc.array(fc.nat(255), { maxLength: 3 }),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => Buffer.from(parts.flat()))

test.each(READERS)(
  'any body of a %s is refused with a protocol error or is exactly what its contents encode to',
  (_, again) => {
    fc.assert(
      fc.property(body, (bytes) => {
        const written = again(bytes)
        if (written !== null) expect(written.subarray(5)).toEqual(bytes)
      }),
      { numRuns: 3_000 },
    )
  },
)

test.each([
  ['Query', readQuery],
  ['Parse', readParse],
  ['Describe', readNamed],
  ['Execute', readExecute],
  ['Bind', readBind],
])('a %s cut short anywhere is refused', (name, read) => {
  const whole = {
    Query: front.query('select'),
    Parse: front.parse('s', 'select', [23]),
    Describe: front.describe('S', 's'),
    Execute: front.execute('p', 1),
    Bind: front.bind({ portal: 'p', statement: 's', values: ['a', null], valueFormats: [0, 1], formats: [1] }),
  }[name]
  if (whole === undefined) throw new Error('no such message')
  for (let size = 5; size < whole.length; size++) {
    // As it would stand in a chunk: other bytes follow.
    const chunk = Buffer.concat([whole.subarray(0, size), Buffer.from('ZZZZZZZZ')])
    expect(() => read(chunk, 0, size)).toThrow(SallyportError)
  }
})
