import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../domain/limits'
import { createClassifier, type StatementFacts } from './classify'
import { createFactsOf } from './facts'
import { foldNumbers } from './fold'
import { constantsAreValues } from './shape'

test('whole numbers are folded, wherever they stand alone', () => {
  expect(foldNumbers('SELECT abalance FROM t1 WHERE aid = 12345;')).toBe('SELECT abalance FROM t1 WHERE aid = 0;')
  expect(foldNumbers('select 1,23,(456) limit 7')).toBe('select 0,0,(0) limit 0')
})

test.each([
  "select '1'",
  'select "1"',
  'select $1',
  'select 1 -- 2',
  'select 1/2',
  'select 1-2',
  'select \\1',
  'select é1',
])('%s is left alone', (text) => {
  expect(foldNumbers(text)).toBe(text)
})

test.each([
  'select a1',
  'select 1a',
  'select 1_000',
  'select 1.5',
  'select 1.',
  'select .5',
  'select 1234567890',
  'float(5)',
])('in %s nothing is a whole number of nine digits or fewer', (text) => {
  expect(foldNumbers(text)).toBe(text)
})

/** Classifies without anything remembered. */
async function fresh(sql: string): Promise<StatementFacts> {
  return (await createClassifier(LIMITS))(sql)
}

async function freshFacts(sql: string) {
  return (await createFactsOf(LIMITS))(sql, { catalog: null, strings: 'standard', encoding: 'utf8' })
}

/** Texts of the fold's own alphabet: mostly like SQL, and often not quite. */
const word = fc.constantFrom(
  ...[
    'select',
    'SELECT',
    'from',
    'where',
    'order',
    'by',
    'limit',
    'offset',
    'values',
    'as',
    'in',
    'and',
    'or',
    'not',
    'null',
    'is',
  ],
  ...[
    'interval',
    'float',
    'varchar',
    'numeric',
    'cast',
    'bit',
    'fetch',
    'first',
    'rows',
    'only',
    'between',
    'x',
    'b',
    'e',
    'u',
    'now',
  ],
  ...[
    'into',
    'for',
    'update',
    'delete',
    't',
    'a',
    't1',
    'join',
    'on',
    'union',
    'all',
    'with',
    'group',
    'having',
    'distinct',
    'begin',
  ],
  ...['analyze', 'explain', 'true', 'false', 'off', 'on', 'read', 'write', 'set'],
  ...['0', '1', '42', '007', '123456789', '1234567890', '1e5', '0x1F', '1_000', '12ab', '99999999999'],
)
const mark = fc.constantFrom(' ', ' ', ' ', '\n', '\t', '', '.', ',', '=', '<', '>', '<>', '(', ')', '*', '+', ';')
const text = fc
  .array(fc.tuple(word, mark), { maxLength: 14 })
  .map((parts) => parts.map(([token, between]) => token + between).join(''))

test('a folded text classifies as the text it was folded from', async () => {
  const sql = fc.oneof(
    text,
    text.map((rest) => `select ${rest}`),
  )
  const same = fc.asyncProperty(sql, async (unfolded) => {
    expect(await fresh(foldNumbers(unfolded))).toEqual(await fresh(unfolded))
  })
  await fc.assert(same, { numRuns: 4_000 })
})

test('a folded text has the facts of the text it was folded from, and its shape where numbers are values', async () => {
  const command = fc.constantFrom(
    'explain (analyze',
    'explain (',
    'set work_mem =',
    'delete from t where',
    'select',
    'begin',
  )
  const sql = fc.tuple(command, text).map(([first, rest]) => `${first} ${rest}`)
  const same = fc.asyncProperty(sql, async (unfolded) => {
    const { fingerprint: foldedShape, ...folded } = await freshFacts(foldNumbers(unfolded))
    const { fingerprint: shape, ...whole } = await freshFacts(unfolded)
    expect(folded).toEqual(whole)
    if (constantsAreValues(whole.facts)) expect(foldedShape).toBe(shape)
  })
  await fc.assert(same, { numRuns: 4_000 })
})

test('a folded text folds to itself', () => {
  fc.assert(fc.property(text, (sql) => foldNumbers(foldNumbers(sql)) === foldNumbers(sql)))
})
