import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SallyportError } from '#lib/domain/errors'
import { LIMITS } from '#lib/domain/limits'
import { back, front, message } from '../testing/messages'
import { backendFraming } from './backend'
import { Framer, type Framing, NOTHING, PIECE } from './framer'
import { frontendFraming } from './frontend'

const limits = { ...LIMITS, messageBytes: 100_000, statementBytes: 20_000 }
const frontend = frontendFraming(limits)
const backend = backendFraming(limits)

/** Everything the framer hands out for these chunks, put together again message by message. */
function read(framing: Framing, chunks: readonly Buffer[]): Buffer[] {
  const framer = new Framer(framing)
  const messages: Buffer[] = []
  let pieces: Buffer[] = []
  let piecesBytes = 0
  for (const chunk of chunks) {
    framer.push(Buffer.from(chunk))
    for (let found = framer.next(); found !== NOTHING; found = framer.next()) {
      const bytes = framer.buffer.subarray(framer.start, framer.end)
      if (found === PIECE) {
        expect(framer.offset).toBe(piecesBytes)
        pieces.push(bytes)
        piecesBytes += bytes.length
        if (piecesBytes < framer.total) continue
        messages.push(Buffer.concat(pieces))
        pieces = []
        piecesBytes = 0
      } else messages.push(bytes)
    }
  }
  return messages
}

/** Cuts `bytes` at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to))
}

const someMessages = fc.array(
  fc.oneof(
    fc.string({ maxLength: 50 }).map((text) => front.query(text.replaceAll('\0', ''))),
    fc.constantFrom(front.sync(), front.flush(), front.copyDone(), front.execute('p', 3)),
    fc.integer({ min: 0, max: 30_000 }).map((size) => front.copyData(Buffer.alloc(size, 'd'))),
    fc.integer({ min: 0, max: 10_000 }).map((size) => front.bind({ values: ['v'.repeat(size)] })),
  ),
  { minLength: 1, maxLength: 8 },
)

test('messages come out as they went in, wherever the stream is cut', () => {
  fc.assert(
    fc.property(someMessages, fc.array(fc.nat(200_000), { maxLength: 30 }), (messages, places) => {
      const got = read(frontend, cut(Buffer.concat(messages), places))
      expect(got.map((bytes) => bytes.toString('hex'))).toEqual(messages.map((bytes) => bytes.toString('hex')))
    }),
  )
})

test('messages come out whole when the stream is cut at every byte', () => {
  const messages = [
    front.query('select 1'),
    front.copyData('x'.repeat(9_000)),
    front.bind({ values: ['y'.repeat(9_000)] }),
    front.sync(),
  ]
  const bytes = Buffer.concat(messages)
  expect(read(frontend, cut(bytes, [...bytes.keys()]))).toEqual(messages)
})

test('two messages in one chunk are two messages', () => {
  const messages = [back.dataRow('1'), back.complete('SELECT 1')]
  expect(read(backend, [Buffer.concat(messages)])).toEqual(messages)
})

test.each([
  ['client', frontend],
  ['target', backend],
])('arbitrary bytes of a %s only ever give a protocol error', (_, framing) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
      try {
        read(
          framing,
          chunks.map((chunk) => Buffer.from(chunk)),
        )
      } catch (error) {
        expect(error).toBeInstanceOf(SallyportError)
      }
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['Query', frontend, 'Q', 4 + limits.statementBytes + 1],
  ['Bind', frontend, 'B', limits.messageBytes],
  ['CopyData', frontend, 'd', limits.messageBytes],
  ['DataRow', backend, 'D', limits.messageBytes],
  ['ErrorResponse', backend, 'E', limits.messageBytes],
  ['CommandComplete', backend, 'C', 64 * 1024],
])('a %s is refused by its header alone when it is longer than it may be', (_, framing, type, most) => {
  const header = (length: number) => {
    const bytes = Buffer.from(`${type}0000`, 'latin1')
    bytes.writeInt32BE(length, 1)
    return bytes
  }
  expect(() => read(framing, [header(most - 1)])).not.toThrow()
  expect(() => read(framing, [header(most)])).not.toThrow()
  expect(() => read(framing, [header(most + 1)])).toThrow(SallyportError)
})

test('a long message of single bytes does not cost a buffer for each', () => {
  const framer = new Framer(frontend)
  const bytes = front.bind({ values: ['v'.repeat(50_000)] })
  for (const byte of bytes.subarray(0, -1)) framer.push(Buffer.of(byte))
  expect(framer.next()).toBe(NOTHING)
  expect(framer.parts).toBeLessThan(5)
})

test('a message that may be streamed is handed out before it is whole', () => {
  const framer = new Framer(backend)
  framer.push(message('D', Buffer.alloc(50_000)).subarray(0, 10_000))
  expect(framer.next()).toBe(PIECE)
  expect(framer.end - framer.start).toBe(10_000)
  expect(framer.underWay).toBe(true)
})
