import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseInput } from './input'

const schema = z.strictObject({ a: z.array(z.string()), b: z.record(z.string(), z.unknown()).default({}) })
const refused = (field: string) => expect.objectContaining({ code: 'invalid_input', field })

describe('an input', () => {
  it('is what its schema makes of it', () => {
    expect(parseInput(schema, { a: ['ünï 😀 \u202e'] })).toEqual({ a: ['ünï 😀 \u202e'], b: {} })
  })

  it('that is wrong is refused by the path of what is wrong', () => {
    expect(() => parseInput(schema, { a: ['x', 1] })).toThrow(refused('a.1'))
    expect(() => parseInput(schema, { a: [], c: 1 })).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it.each([
    ['NUL', 'a\0b'],
    ['a high half', 'a\ud800'],
    ['a low half', '\udc00a'],
    ['halves the wrong way round', '\udc00\ud800'],
  ])('with %s in a text, however deep, or in a key, is refused', (_, text) => {
    expect(() => parseInput(schema, { a: ['x', text] })).toThrow(refused('a.1'))
    expect(() => parseInput(schema, { a: [], b: { deep: [{ er: text }] } })).toThrow(refused('b.deep.0.er'))
    expect(() => parseInput(schema, { a: [], b: { [text]: 1 } })).toThrow(refused('b'))
  })
})
