import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  commandComplete,
  dataRow,
  int16,
  int32,
  message,
  notice,
  rowDescription,
  text,
} from '../../services/testing/backend-messages'
import { PostgresReplay, type ReplayOptions } from './postgres'

const WINDOW: ReplayOptions = { set: 0, offset: 0, limit: 100, cellBytes: 1_024 }

function replay(bytes: Uint8Array, options: Partial<ReplayOptions> = {}) {
  const decoder = new PostgresReplay({ ...WINDOW, ...options })
  decoder.feed(bytes)
  return decoder.result('all')
}

const selectTwo = Buffer.concat([
  rowDescription(['id', 23], ['name', 25]),
  dataRow('1', 'Ada'),
  dataRow('2', null),
  commandComplete('SELECT 2'),
  message('Z', Buffer.from('I')),
])

describe('a recorded PostgreSQL answer', () => {
  it('comes back as the grid the client saw', () => {
    const result = replay(selectTwo)
    expect(result.damaged).toBe(false)
    expect(result.sets).toEqual([
      {
        kind: 'rows',
        columns: [
          { name: 'id', type: 'int4', typeOid: 23, format: 'text' },
          { name: 'name', type: 'text', typeOid: 25, format: 'text' },
        ],
        rowCount: 2,
        rows: [
          ['1', 'Ada'],
          ['2', null],
        ],
        tag: 'SELECT 2',
        suspended: false,
        complete: true,
      },
    ])
  })

  it('is the same however it is cut into chunks', () => {
    const whole = replay(selectTwo)
    fc.assert(
      fc.property(fc.array(fc.nat(selectTwo.length), { maxLength: 20 }), (cuts) => {
        const decoder = new PostgresReplay(WINDOW)
        const at = [0, ...cuts.sort((a, b) => a - b), selectTwo.length]
        for (let i = 1; i < at.length; i++) decoder.feed(selectTwo.subarray(at[i - 1], at[i]))
        expect(decoder.result('all')).toEqual(whole)
      }),
    )
  })

  it('never throws on arbitrary bytes, and says that they are damaged unless they are messages', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const result = replay(bytes)
        expect(typeof result.damaged).toBe('boolean')
      }),
      { numRuns: 500 },
    )
    expect(replay(Buffer.from('not a protocol at all')).damaged).toBe(true)
    expect(replay(selectTwo.subarray(0, -3)).damaged).toBe(true)
  })

  it('refuses a length beyond the limit before it waits for the bytes', () => {
    const huge = Buffer.concat([Buffer.from('D'), int32(0x7fffffff)])
    expect(replay(huge).damaged).toBe(true)
  })

  it('shows only the rows of the asked set and window, and counts the others', () => {
    const many = Buffer.concat([
      rowDescription(['n', 23]),
      ...Array.from({ length: 10 }, (_, i) => dataRow(String(i))),
      commandComplete('SELECT 10'),
      rowDescription(['m', 23]),
      dataRow('x'),
      commandComplete('SELECT 1'),
    ])
    const middle = replay(many, { offset: 3, limit: 2 })
    expect(middle.sets.map(({ rowCount, rows }) => ({ rowCount, rows }))).toEqual([
      { rowCount: 10, rows: [['3'], ['4']] },
      { rowCount: 1, rows: [] },
    ])
    expect(replay(many, { set: 1 }).sets[1]?.rows).toEqual([['x']])
  })

  it('lays out rows that come without a description by the one that was given before', () => {
    const execute = Buffer.concat([dataRow(int32(7)), message('s')])
    const layout = [{ name: 'n', type: 'int4', typeOid: 23, format: 'binary' as const }]
    const [set] = replay(execute, { layout }).sets
    expect(set).toMatchObject({ columns: layout, rows: [['7']], suspended: true, tag: null })
  })

  it('takes the formats of the Bind over those of a described statement', () => {
    const bytes = Buffer.concat([rowDescription(['n', 23, 0]), dataRow(int32(258)), commandComplete('SELECT 1')])
    expect(replay(bytes, { formats: [1] }).sets[0]?.rows).toEqual([['258']])
    expect(replay(bytes, { formats: [] }).sets[0]?.columns[0]?.format).toBe('text')
  })

  it('cuts a long value visibly, with its full length, and never inside a character', () => {
    const long = 'ä'.repeat(20)
    const bytes = Buffer.concat([rowDescription(['t', 25]), dataRow(long), commandComplete('SELECT 1')])
    const [row] = replay(bytes, { cellBytes: 17 }).sets[0]?.rows ?? []
    expect(row?.[0]).toEqual({ text: 'ä'.repeat(8), form: 'text', bytes: 40, cut: true })
  })

  it('shows bytes that are no text as hex', () => {
    const bytes = Buffer.concat([
      rowDescription(['t', 25], ['u', 99_999, 1]),
      dataRow(Buffer.from([0xff, 0xfe]), Buffer.from([1, 2])),
      commandComplete('SELECT 1'),
    ])
    expect(replay(bytes).sets[0]?.rows).toEqual([
      [
        { text: 'fffe', form: 'hex', bytes: 2, cut: false },
        { text: '0102', form: 'hex', bytes: 2, cut: false },
      ],
    ])
  })

  it('shows errors, notices and notifications beside what came before them', () => {
    const bytes = Buffer.concat([
      notice('N', { S: 'HINWEIS', V: 'NOTICE', C: '00000', M: 'careful' }),
      rowDescription(['n', 23]),
      dataRow('1'),
      notice('E', { V: 'ERROR', C: '22012', M: 'division by zero', D: 'detail', H: 'hint', P: '8' }),
      message('A', int32(7), text('jobs'), text('done')),
    ])
    const result = replay(bytes)
    expect(result.notices).toMatchObject([{ severity: 'NOTICE', message: 'careful' }])
    expect(result.errors).toEqual([
      { severity: 'ERROR', code: '22012', message: 'division by zero', detail: 'detail', hint: 'hint', position: 8 },
    ])
    expect(result.notifications).toEqual([{ channel: 'jobs', payload: 'done' }])
    expect(result.sets[0]).toMatchObject({ rowCount: 1, complete: false, tag: null })
  })

  it('shows COPY data line by line, commands and empty queries without rows', () => {
    const copy = Buffer.concat([
      message('H', Buffer.from([0]), int16(1), int16(0)),
      message('d', Buffer.from('1\tAda\n')),
      message('d', Buffer.from('2\tBob\n')),
      message('c'),
      commandComplete('COPY 2'),
      commandComplete('BEGIN'),
      message('I'),
    ])
    const { sets } = replay(copy)
    expect(sets.map(({ kind, tag }) => [kind, tag])).toEqual([
      ['copy-out', 'COPY 2'],
      ['command', 'BEGIN'],
      ['empty', ''],
    ])
    expect(sets[0]?.rows).toEqual([['1\tAda'], ['2\tBob']])
  })

  it('says when only columns were described', () => {
    expect(replay(Buffer.concat([message('1'), rowDescription(['n', 23])])).sets[0]?.kind).toBe('described')
  })
})
