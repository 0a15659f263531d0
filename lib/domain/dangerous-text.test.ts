import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeDangerous, findDangerous } from './dangerous-text'

const dangers = (text: string) => findDangerous(text).map(({ danger, code }) => `${danger} ${code}`)

describe('a text that somebody decides about', () => {
  it.each([
    ['right-to-left override', 'a\u202eb', 'bidi U+202E'],
    ['isolate', 'a\u2066b', 'bidi U+2066'],
    ['Arabic letter mark', 'a\u061cb', 'bidi U+061C'],
    ['zero width space', 'a\u200bb', 'invisible U+200B'],
    ['byte order mark', '\ufeffa', 'invisible U+FEFF'],
    ['no-break space', 'a\u00a0b', 'invisible U+00A0'],
    ['soft hyphen', 'a\u00adb', 'invisible U+00AD'],
    ['Hangul filler', 'a\u3164b', 'invisible U+3164'],
    ['variation selector', 'a\ufe0fb', 'invisible U+FE0F'],
    ['tag letter', 'a\u{e0041}b', 'invisible U+E0041'],
    ['blank Braille', 'a\u2800b', 'invisible U+2800'],
    ['escape', 'a\u001b[2K', 'control U+001B'],
    ['backspace', 'a\bb', 'control U+0008'],
    ['delete', 'a\u007fb', 'control U+007F'],
    ['C1 control', 'a\u009bb', 'control U+009B'],
    ['line separator', 'a\u2028b', 'control U+2028'],
    ['carriage return alone', '-- a\rDROP', 'control U+000D'],
    ['private use', 'a\ue000b', 'control U+E000'],
    ['Cyrillic letter in a Latin word', 'p\u0430yments', 'mixed-script U+0430'],
    ['Greek letter in a Latin word', 'l\u03bfg', 'mixed-script U+03BF'],
    ['wide letter', '\uff24ROP', 'mixed-script U+FF24'],
    ['mathematical letter', '\u{1d5d7}ROP', 'mixed-script U+1D5D7'],
    ['wide quote', "'a\uff07", 'mixed-script U+FF07'],
    ['curly quote that closes nothing', "'a\u2019", 'look-alike U+2019'],
    ['dash that begins no comment', '\u2014x', 'look-alike U+2014'],
    ['Greek question mark', '\u037e', 'look-alike U+037E'],
    ['stroke through a letter', 'a\u0338', 'look-alike U+0338'],
  ])('has its %s flagged', (_, text, flag) => {
    expect(dangers(text)).toEqual([flag])
  })

  it('has a word flagged that passes for a Latin one', () => {
    expect(dangers('\u0441\u043e\u0440\u0443')).toHaveLength(4)
  })

  it.each([
    'SELECT * FROM t\n\tWHERE a = 1\r\n',
    "'Zoë, naïve, Größe, Łódź'",
    "'Привет, мир'",
    "'日本語のテキスト 中文 한국어'",
    "'العربية'",
    "'😀 €'",
    'Ελλάδα',
  ])('is not flagged for being written by people: %s', (text) => {
    expect(dangers(text)).toEqual([])
  })

  it('says where it stands, in lines and bytes', () => {
    expect(findDangerous("é\n 😀'\u200b'")).toEqual([{ at: 6, line: 2, byte: 9, code: 'U+200B', danger: 'invisible' }])
  })

  it('escaped has nothing dangerous left, and loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeDangerous(text)
        expect(findDangerous(escaped)).toEqual([])
        const back = escaped.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) =>
          String.fromCodePoint(Number.parseInt(hex, 16)),
        )
        fc.pre(!text.includes('\\u{'))
        expect(back).toBe(text)
      }),
    )
  })
})
