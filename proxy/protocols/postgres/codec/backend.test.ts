import { Readable } from 'node:stream'
import fc from 'fast-check'
import { parse } from 'pg-protocol'
import { expect, test } from 'vitest'
import { SallyportError } from '#lib/domain/errors'
import { back, message } from '../testing/messages'
import {
  checkCopyResponse,
  checkNotification,
  checkParameterDescription,
  readCommandComplete,
  readParameterStatus,
  readReadyForQuery,
  rowsOfTag,
} from './backend'
import { readDiagnostics } from './diagnostics'
import { RowScanner, readDataRow, readRowDescription } from './rows'

/** What node-postgres makes of the same bytes. */
async function oracle(...messages: Buffer[]): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = []
  await parse(Readable.from([Buffer.concat(messages)]), (one) => seen.push(one as unknown as Record<string, unknown>))
  return seen
}

const whole = <T>(bytes: Buffer, read: (buffer: Buffer, start: number, end: number) => T): T =>
  read(bytes, 0, bytes.length)

test('node-postgres reads the same out of the same messages', async () => {
  const messages = [
    back.rowDescription('a', 'b'),
    back.dataRow('x', null),
    back.complete('INSERT 0 5'),
    back.parameterStatus('TimeZone', 'UTC'),
    back.error('42P01', 'no such table'),
    back.ready('T'),
  ] as const
  const [description, row, complete, parameter, error, ready] = await oracle(...messages)
  expect(whole(messages[0], readRowDescription)).toBe(description?.fieldCount)
  expect(whole(messages[1], readDataRow)).toBe(row?.fieldCount)
  expect(whole(messages[2], readCommandComplete)).toBe(complete?.text)
  expect(whole(messages[3], readParameterStatus)).toEqual([parameter?.parameterName, parameter?.parameterValue])
  expect(whole(messages[4], readDiagnostics)).toMatchObject({
    code: error?.code,
    message: error?.message,
    fatal: false,
  })
  expect(whole(messages[5], readReadyForQuery)).toBe(ready?.status)
})

test.each([
  ['SELECT 3', 3],
  ['INSERT 0 7', 7],
  ['COPY 12', 12],
  ['CREATE TABLE', 0],
  ['', 0],
  ['SELECT 99999999999999999999', 0],
])('the tag %j counts %i rows', (tag, rows) => {
  expect(rowsOfTag(tag)).toBe(rows)
})

const READERS: readonly (readonly [string, Buffer, (buffer: Buffer, start: number, end: number) => unknown])[] = [
  ['RowDescription', back.rowDescription('a', 'b'), readRowDescription],
  ['DataRow', back.dataRow('a', null, 'ccc'), readDataRow],
  ['CommandComplete', back.complete('SELECT 1'), readCommandComplete],
  ['ReadyForQuery', back.ready(), readReadyForQuery],
  ['ParameterStatus', back.parameterStatus('a', 'b'), readParameterStatus],
  ['ParameterDescription', back.parameterDescription(1, 2), checkParameterDescription],
  ['NotificationResponse', back.notification('a', 'b'), checkNotification],
  ['CopyInResponse', back.copyIn(2), checkCopyResponse],
  ['ErrorResponse', back.error('42P01'), readDiagnostics],
]

test.each(READERS)('a %s cut short anywhere, or with a byte too many, is refused', (_, bytes, read) => {
  expect(() => read(bytes, 0, bytes.length)).not.toThrow()
  for (let size = 5; size <= bytes.length + 1; size++) {
    if (size === bytes.length) continue
    const chunk = Buffer.concat([bytes, Buffer.from('ZZZZZZZZ')])
    expect(() => read(chunk, 0, size), `size ${size}`).toThrow(SallyportError)
  }
})

test.each(READERS)('arbitrary bytes as a %s only ever give a protocol error', (_, bytes, read) => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    // The real one with one byte changed.
    fc.tuple(fc.nat(bytes.length - 6), fc.nat(255)).map(([place, byte]) => {
      const changed = Buffer.from(bytes.subarray(5))
      changed[place] = byte
      return changed
    }),
  )
  fc.assert(
    fc.property(body, (content) => {
      const sent = message('x', Buffer.from(content))
      try {
        read(sent, 0, sent.length)
      } catch (error) {
        expect(error).toBeInstanceOf(SallyportError)
      }
    }),
    { numRuns: 1_000 },
  )
})

/** Row bodies that are right, nearly right, or anything. */
const rowBody = fc.oneof(
  fc
    .array(fc.oneof(fc.constant(null), fc.string({ maxLength: 9 })), { maxLength: 6 })
    .map((values) => back.dataRow(...values).subarray(5)),
  fc
    .array(fc.constantFrom([0, 1], [0, 2], [0, 0, 0, 1], [0, 0, 0, 0], [255, 255, 255, 255], [65]), { maxLength: 8 })
    .map((parts) => Buffer.from(parts.flat())),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
)

test('a row read in pieces is accepted exactly when it is accepted whole', () => {
  fc.assert(
    fc.property(rowBody, fc.integer({ min: 1, max: 7 }), (body, step) => {
      const columns = (read: () => number) => {
        try {
          return read()
        } catch (error) {
          expect(error).toBeInstanceOf(SallyportError)
          return 'refused'
        }
      }
      const row = message('D', body)
      const inPieces = columns(() => {
        const scanner = new RowScanner()
        scanner.begin(body.length)
        if (body.length === 0) scanner.feed(body, 0, 0)
        for (let from = 0; from < body.length; from += step)
          scanner.feed(body, from, Math.min(from + step, body.length))
        return scanner.columns
      })
      expect(inPieces).toBe(columns(() => readDataRow(row, 0, row.length)))
    }),
    { numRuns: 3_000 },
  )
})
