import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cedarTokens } from './cedar-tokens'

const shown = (line: string) =>
  cedarTokens(line)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, from, to }) => `${kind} ${line.slice(from, to)}`)

describe('what the eye is told about Cedar', () => {
  it('effects, scopes and types', () => {
    expect(shown('forbid (principal is Agent, action == Action::"execute", resource)')).toEqual([
      ...['effect forbid', 'keyword principal', 'keyword is', 'word Agent', 'keyword action', 'type Action'],
      ...['string "execute"', 'keyword resource'],
    ])
  })

  it('annotations carry what Sallyport makes of a policy', () => {
    expect(shown('@hold("role:approver") // two people')).toEqual([
      ...['annotation @hold', 'string "role:approver"', 'comment // two people'],
    ])
  })

  it('a slash in a string opens no comment, an escaped quote ends none', () => {
    expect(shown(String.raw`"a // \" b" in x`)).toEqual([String.raw`string "a // \" b"`, 'keyword in', 'word x'])
  })

  it('a word that only begins like a keyword is a word', () => {
    expect(shown('inside permitted')).toEqual(['word inside', 'word permitted'])
  })

  it('the tokens are the line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        expect(
          cedarTokens(line)
            .map(({ from, to }) => line.slice(from, to))
            .join(''),
        ).toBe(line)
      }),
    )
  })
})
