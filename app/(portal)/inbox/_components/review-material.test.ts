import { describe, expect, it } from 'vitest'
import type { BoundValue } from '#lib/domain/event'
import { countLines, reviewMaterial } from './review-material'

const of = (text: string, binds: readonly BoundValue[] = []) => reviewMaterial({ text, encoding: 'utf8', binds })

describe('what has to be seen before it can be approved', () => {
  it('bound values are part of it, long ones in several units', () => {
    const material = of('UPDATE t\nSET a = $1', [{ text: 'x'.repeat(1_000) }, null])
    expect(material.binds.map(({ firstUnit }) => firstUnit)).toEqual([2, 11])
    expect(material.units).toBe(12)
  })

  it('a line counts once all of it was seen; so does a value', () => {
    const material = of(`SELECT '${'x'.repeat(300)}'\nFROM t`, [{ text: 'a' }])
    expect(countLines(material, (unit) => unit !== 1)).toEqual({ seen: 2, all: 3 })
    expect(countLines(material, () => true)).toEqual({ seen: 3, all: 3 })
  })

  it('flags what hides in a bound value, and says where', () => {
    expect(of("SELECT 'a\u200b'", [{ text: 'b' }, { text: '\u202eb' }]).flags).toEqual([
      { code: 'U+200B', name: 'zero width space', place: 'line 1, byte 9' },
      { code: 'U+202E', name: 'right-to-left override', place: 'value $2' },
    ])
  })

  it('bytes that are no text are written out, and a written one cannot be mistaken for it', () => {
    const text = Buffer.from([0x53, 0x45, 0xe9, 0x5c, 0x78, 0x65, 0x39]).toString('base64')
    const { lines } = reviewMaterial({ text, encoding: 'base64', binds: [] }).text
    expect(lines[0]?.units[0]?.pieces.map((piece) => ('text' in piece ? piece.text : '')).join('')).toBe(
      String.raw`SE\xe9\\xe9`,
    )
  })

  it('binary values are shown in hexadecimal', () => {
    const { binds } = of('x', [{ base64: Buffer.from([0, 255]).toString('base64') }])
    expect(binds[0]?.exact?.lines[0]?.units[0]?.pieces.map((piece) => ('text' in piece ? piece.text : ''))).toEqual([
      '\\',
      'x00ff',
    ])
  })
})
