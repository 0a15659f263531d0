import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sqlTokens } from './sql-tokens'

const shown = (text: string) =>
  sqlTokens(text)
    .filter(({ from, to }) => text.slice(from, to).trim() !== '')
    .map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`)

describe('what the eye is told about SQL', () => {
  it('a line comment ends at a carriage return, as it does for PostgreSQL', () => {
    expect(shown('SELECT 1 -- x\rDROP TABLE t')).toContain('keyword DROP')
  })

  it('block comments nest', () => {
    expect(shown('/* a /* b */ DROP */ SELECT')).toEqual(['comment /* a /* b */ DROP */', 'keyword SELECT'])
  })

  it('a doubled quote does not end a literal; a backslash does not open one', () => {
    expect(shown(String.raw`'it''s' 'a\' OR 1`)).toEqual([
      "string 'it''s'",
      String.raw`string 'a\'`,
      'keyword OR',
      'plain 1',
    ])
  })

  it('in an E literal a backslash takes the next quote', () => {
    expect(shown(String.raw`E'a\' DROP' x`)).toEqual([String.raw`string E'a\' DROP'`, 'name x'])
  })

  it('a dollar quote is one literal up to its own tag; $1 is a parameter', () => {
    expect(shown('$a$ DROP $b$ ; $a$ $1')).toEqual(['string $a$ DROP $b$ ; $a$', 'param $1'])
  })

  it('a quoted name is a name, whatever it spells', () => {
    expect(shown('"DROP" table')).toEqual(['name "DROP"', 'keyword table'])
  })

  it('what is never closed reaches to the end', () => {
    expect(shown("'abc DROP").at(-1)).toBe("string 'abc DROP")
    expect(shown('/* DROP').at(-1)).toBe('comment /* DROP')
  })

  it('the tokens are the whole text, in order, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(
          sqlTokens(text)
            .map(({ from, to }) => text.slice(from, to))
            .join(''),
        ).toBe(text)
      }),
    )
  })

  it('takes time in proportion to the text, whatever it is made of', () => {
    for (const part of ["'", '/*', '$a$', '"', '--', "E'\\", '$', 'é']) {
      expect(sqlTokens(part.repeat(32_768)).length).toBeGreaterThan(0)
    }
  })
})
