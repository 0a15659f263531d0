import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from './canonical'

describe('canonicalJson', () => {
  it('gives the example of RFC 8785, section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew',
      '1': 'One',
      '\ud83d\ude00': 'Emoji',
      '\u0080': 'Control',
      '\u00f6': 'o',
    }
    const keys = [...canonicalJson(value).matchAll(/:"(\w+)/g)].map((match) => match[1])
    expect(keys).toEqual(['Carriage', 'One', 'Control', 'o', 'Euro', 'Emoji', 'Hebrew'])
  })

  it('prints numbers as ECMAScript does and refuses what JSON cannot say', () => {
    expect(canonicalJson([1e21, 0.000001, 1e-7, -0, 4.5])).toBe('[1e+21,0.000001,1e-7,0,4.5]')
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError)
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(TypeError)
  })

  it('is the same for any order of keys, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const entries = Object.entries(value)
        const reversed = Object.fromEntries(entries.reverse()) as Json
        const text = canonicalJson(value as Json)
        expect(canonicalJson(reversed)).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it('is valid UTF-8 also for lone surrogates', () => {
    const text = canonicalJson({ a: '\ud800' })
    expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text)
  })
})
