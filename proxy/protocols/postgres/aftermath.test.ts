import { expect, test } from 'vitest'
import { LIMITS } from '#lib/domain/limits'
import { asInstalled } from '#lib/sql/catalog'
import { createFactsOf } from '#lib/sql/facts'
import { type Aftermath, aftermathOf } from './aftermath'

const factsOf = await createFactsOf(LIMITS)
const reading = { catalog: asInstalled('1'), strings: 'standard', encoding: 'utf8' } as const
const after = (text: string) => aftermathOf(factsOf(text, reading))
const changed = (aftermath: Aftermath | null) =>
  Object.entries(aftermath ?? {}).flatMap(([name, is]) => (is === true ? name : []))

test.each(['SELECT 1', 'SELECT lower(name) FROM t', 'SHOW role', 'BEGIN', 'SET work_mem = 1', 'EXPLAIN SELECT 1'])(
  'after %s all is as before',
  (text) => expect(after(text)).toBeNull(),
)

test.each<[string, string[]]>([
  ['INSERT INTO t VALUES (1)', ['rows']],
  ['UPDATE t SET x = 1', ['rows']],
  ['TRUNCATE t', ['rows']],
  ['COPY t FROM STDIN', ['rows']],
  ['SET search_path = a', ['state']],
  ['SET LOCAL search_path TO a, b', ['state']],
  ["SET SCHEMA 'a'", ['state']],
  ["SELECT set_config('search_path', 'a', false)", ['state']],
  ['SET ROLE boss', ['state', 'rows']],
  ['SET SESSION AUTHORIZATION boss', ['state', 'rows']],
  ['RESET ROLE', ['state', 'rows']],
  ["SET NAMES 'LATIN1'", ['texts']],
  ['SET standard_conforming_strings = off', ['texts', 'rows']],
  ['RESET ALL', ['texts', 'state', 'rows']],
  ['DISCARD ALL', ['texts', 'state', 'rows']],
  ['COMMIT', ['ends']],
  ['ROLLBACK', ['ends']],
  ['ROLLBACK TO s', ['ends']],
  ["COMMIT PREPARED 'x'", ['names', 'rows', 'ends']],
  ['CREATE TABLE t (x int)', ['rows']],
  ['CREATE INDEX ON t (x)', ['rows']],
  ['CREATE SCHEMA s', ['rows']],
  ['CREATE VIEW v AS SELECT 1', ['names', 'rows']],
  ['CREATE TYPE mood AS ENUM ()', ['names', 'rows']],
  ['CREATE SCHEMA s CREATE VIEW v AS SELECT 1', ['names', 'rows']],
  ['DROP TABLE t', ['names', 'rows']],
  ['ALTER TABLE t RENAME TO u', ['names', 'rows']],
])('after %s only these may be different: %j', (text, what) => {
  expect(changed(after(text)).filter((name) => name !== 'code')).toEqual(what)
})

test.each([
  'DO $$ BEGIN END $$',
  'CALL f()',
  'SELECT f()',
  "LOAD 'x'",
  'this is no SQL',
  'EXECUTE q',
  'CREATE EXTENSION x',
])('after %s anything may be different', (text) => {
  expect(changed(after(text))).toEqual(['texts', 'state', 'names', 'rows', 'code', 'ends'])
})

const meanings = {
  ...reading.catalog.meanings,
  call: () => ['it is not known to be harmless'],
  callUnsettles: ({ name }: { name: string }) => name === 'restless',
  writingUnsettles: ({ name }: { name: string }) => name === 'watched',
}
const judged = (text: string) =>
  changed(aftermathOf(factsOf(text, { ...reading, catalog: { ...reading.catalog, version: '2', meanings } })))

test('a function that is known to leave names and settings alone does, and yet may prepare statements', () => {
  expect(judged('SELECT calm()')).toEqual(['rows', 'code', 'ends'])
  expect(judged('SELECT restless()')).toEqual(['texts', 'state', 'names', 'rows', 'code', 'ends'])
})

test('writing where a trigger may change names and settings is as good as running it', () => {
  expect(judged('INSERT INTO t VALUES (1)')).toEqual(['rows'])
  expect(judged('INSERT INTO watched VALUES (1)')).toEqual(['texts', 'state', 'names', 'rows', 'code', 'ends'])
})
