import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedParts, lineDiff } from './line-diff'

const SIGNS = { same: ' ', removed: '-', added: '+' }
const shown = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${SIGNS[kind]}${text}`)
const text = fc
  .array(fc.constantFrom('permit', 'forbid', 'when', '}', ''))
  .map((lines) => lines.map((one) => `${one}\n`).join(''))

describe('what changed in a policy', () => {
  it('names the lines that go and those that come', () => {
    expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c'])
    expect(shown('a\n', 'a\nb\n')).toEqual([' a', '+b'])
    expect(shown('', 'a\n')).toEqual(['+a'])
    expect(shown('a\n', '')).toEqual(['-a'])
  })

  it('numbers the lines of both sides', () => {
    expect(lineDiff('a\nb', 'b').map(({ left, right }) => [left, right])).toEqual([
      [1, null],
      [2, 1],
    ])
  })

  it('leaves nothing out: one side is what is not added, the other what is not removed', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff(before, after)
        const side = (without: string) => lines.filter(({ kind }) => kind !== without).map((line) => `${line.text}\n`)
        expect(side('added').join('')).toBe(before)
        expect(side('removed').join('')).toBe(after)
      }),
    )
  })

  it('shows the changes with three lines around them', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')
    const parts = changedParts(lineDiff(before, before.replace('line 9', 'line nine')))
    expect(parts.map((line) => line?.text ?? null)).toEqual([
      ...[null, 'line 6', 'line 7', 'line 8', 'line 9', 'line nine', 'line 10', 'line 11', 'line 12', null],
    ])
  })

  it('two long texts that share nothing are compared at once', () => {
    const long = (word: string) => Array.from({ length: 5_000 }, (_, index) => `${word} ${index}`).join('\n')
    expect(lineDiff(long('a'), long('b'))).toHaveLength(10_000)
  })
})
