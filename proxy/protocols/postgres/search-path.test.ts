import { expect, test } from 'vitest'
import { schemasOf } from './search-path'

test.each([
  ['"$user", public', ['app', 'public']],
  ['$user,public', ['app', 'public']],
  ['', []],
  ['  ', []],
  ['""', ['']],
  ['Sales, "Sales" ,"a ""b"", c"', ['sales', 'Sales', 'a "b", c']],
  ['a;drop, b', ['a;drop', 'b']],
  ['\tone\n,\rtwo ', ['one', 'two']],
  [`"${'x'.repeat(63)}y"`, ['x'.repeat(63)]],
  [`"${'x'.repeat(62)}é"`, ['x'.repeat(62)]],
])('search_path %j names %j', (setting, schemas) => {
  expect(schemasOf(setting, 'app')).toEqual(schemas)
})

test.each(['"open', 'a,,b', 'a b', ',a', 'a,', '"a"b'])('search_path %j is no list', (setting) => {
  expect(schemasOf(setting, 'app')).toBeNull()
})
