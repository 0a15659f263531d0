import { describe, expect, it } from 'vitest'
import { UsageError } from './command'
import { COMMON, readDuration, readOptions } from './options'
import { printable, table } from './print'

describe('what is printed', () => {
  it('is a table with columns in line', () => {
    const rows = table(
      [
        { head: 'name', cell: (row: { name: string; n: number }) => row.name },
        { head: 'n', right: true, cell: (row) => String(row.n) },
      ],
      [
        { name: 'short', n: 7 },
        { name: 'a longer name', n: 12_345 },
      ],
    )
    expect(rows).toBe('NAME               N\nshort              7\na longer name  12345\n')
  })

  it('moves no cursor, changes no colour and turns no direction, whatever a client called itself', () => {
    expect(printable('a\u001b[2Jb\r\n\u202ec\u200bd')).toBe('a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}c\\u{200b}d')
    expect(printable('ünïcode 漢字 😀')).toBe('ünïcode 漢字 😀')
  })
})

describe('arguments', () => {
  it.each([
    ['90s', 90],
    ['15m', 900],
    ['1h', 3_600],
    ['1d', 86_400],
  ])('%s is %s seconds', (text, seconds) => {
    expect(readDuration(text)).toBe(seconds)
  })

  it.each(['1', 'h', '1.5h', '-1h', '1w', '1h '])('%j is no duration', (text) => {
    expect(() => readDuration(text)).toThrow(UsageError)
  })

  it('that nobody knows, or too many, are wrong usage', () => {
    expect(() => readOptions(['--nope'], COMMON, 0)).toThrow(UsageError)
    expect(() => readOptions(['--as'], COMMON, 0)).toThrow(UsageError)
    expect(() => readOptions(['a', 'b'], COMMON, 1)).toThrow(UsageError)
    expect(readOptions(['a', '--json'], COMMON, 1)).toMatchObject({ positionals: ['a'], values: { json: true } })
  })
})
