import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ExactLine, exactText } from './exact-text'

const spelled = (line: ExactLine | undefined) =>
  line?.units
    .flatMap(({ pieces }) => pieces)
    .map((piece) => (piece.kind === 'flag' ? `[${piece.code}]` : piece.text))
    .join('')
const back = (lines: readonly ExactLine[]) =>
  lines
    .map(({ units }) =>
      units
        .flatMap(({ pieces }) => pieces)
        .map((piece) =>
          piece.kind === 'flag' ? String.fromCodePoint(Number.parseInt(piece.code.slice(2), 16)) : piece.text,
        )
        .join(''),
    )
    .join('\n')

describe('a text that somebody decides about', () => {
  it('spells out what cannot be seen, and says where it is', () => {
    const { lines, flags } = exactText("SELECT 1\n  , 'past_due\u200b'")
    expect(spelled(lines[1])).toBe("  , 'past_due[U+200B]'")
    expect(lines.map(({ flagged }) => flagged)).toEqual([false, true])
    expect(flags).toEqual([
      { at: 22, code: 'U+200B', danger: 'invisible', name: 'zero width space', line: 2, byte: 22 },
    ])
  })

  it('counts bytes, not characters', () => {
    const { flags, bytes } = exactText("'Zoë' \u202e")
    expect(flags[0]?.byte).toBe(7)
    expect(bytes).toBe(10)
  })

  it('spells out what looks like something else', () => {
    expect(spelled(exactText('DROP T\u0430BLE').lines[0])).toBe('DROP T[U+0430]BLE')
  })

  it('a carriage return alone ends a comment for the server: it is spelled out; one before a line end is not', () => {
    expect(exactText('a\r\nb').flags).toEqual([])
    expect(exactText('-- a\rDROP').flags.map(({ code }) => code)).toEqual(['U+000D'])
  })

  it('a long line is made of units that fit on a screen, so that none of it counts as seen unseen', () => {
    const { lines, units } = exactText(`SELECT '${'x'.repeat(65_000)}'`)
    expect(lines).toHaveLength(1)
    expect(units).toBeGreaterThan(540)
    for (const { pieces } of lines[0]?.units ?? [])
      expect(pieces.reduce((sum, piece) => sum + (piece.kind === 'flag' ? 6 : piece.text.length), 0)).toBeLessThan(130)
  })

  it('an empty line is something to be seen, too', () => {
    expect(exactText('a\n\nb').units).toBe(3)
    expect(exactText('').units).toBe(1)
  })

  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(back(exactText(text).lines)).toBe(text)
      }),
    )
  })

  it('units are numbered without gaps', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { lines, units } = exactText(text)
        expect(lines.flatMap((line) => line.units.map(({ index }) => index))).toEqual([...Array(units).keys()])
      }),
    )
  })
})
