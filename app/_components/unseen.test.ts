import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countUnseen, splitUnseen } from './unseen'

describe('what cannot be seen is spelled out', () => {
  it.each([
    ["'past_due\u200b'", 'U+200B'],
    ['admin\u202etxt', 'U+202E'],
    ['a\u0000b', 'U+0000'],
    ['a\u00a0b', 'U+00A0'],
    ['a\rb', 'U+000D'],
    ['a\ud800b', 'U+D800'],
    ['a\u{e0041}b', 'U+E0041'],
  ])('%j shows %s', (text, code) => {
    expect(splitUnseen(text).map((piece) => piece.code)).toContain(code)
  })

  it('leaves letters of any script, tabs and line ends alone', () => {
    expect(countUnseen("SELECT 'Zoë', '北京', 'שלום', '😀'\n\tFROM t")).toBe(0)
  })

  it('loses nothing: the pieces are the text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const back = splitUnseen(text).map((piece) =>
          piece.code === null ? piece.text : String.fromCodePoint(Number.parseInt(piece.code.slice(2), 16)),
        )
        expect(back.join('')).toBe(text)
      }),
    )
  })
})
