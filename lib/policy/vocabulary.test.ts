import { expect, test } from 'vitest'
import { COMMANDS } from '../sql/analysis/commands'
import { parseStatement } from './cedar'
import { OBJECT_KINDS, unknownWords } from './vocabulary'

const wrong = (when: string) => {
  const tree = parseStatement(`permit (principal, action, resource) when { ${when} };`)
  if ('message' in tree) throw new Error(tree.message)
  return unknownWords(tree).join('\n')
}

test.each([
  ['context.sql.kinds.contains("dropp")', /kinds never has "dropp": did you mean "drop"/],
  ['context.sql.kinds.contains("DROP")', /did you mean "drop"/],
  ['context.sql.kinds.containsAny(["drop", "copy_out"])', /did you mean "copy-out"/],
  ['context.sql.kinds == ["remove"]', /never has "remove": there are select, insert/],
  ['!(context.sql.standing == "clean")', /did you mean "clear"/],
  ['["clear", "opake"].contains(context.sql.standing)', /"opake": there are clear, opaque, unparsed/],
  ['context.sql.unfiltered.contains("updates")', /did you mean "update"/],
  ['context.sql.objects.containsAll(["tables"])', /did you mean "table"/],
  ['context.sql.objects.contains("materialized view")', /did you mean "materialized-view"/],
  ['if context.type != "prepared" then true else false', /did you mean "prepare"/],
])('%s names a word that is never there', (when, words) => {
  expect(wrong(when)).toMatch(words)
})

test.each([
  'context.sql.kinds.containsAny(["drop", "copy-out"]) && context.type == "query"',
  'context.sql.reads.contains("dropp") || context.database == "clean"',
  'context.sql.kinds.contains(principal.name)',
  '{ kinds: ["dropp"] }.kinds.contains("dropp")',
])('%s does not', (when) => {
  expect(wrong(when)).toBe('')
})

test('objects are all that commands make, alter and drop', () => {
  const objects = [...COMMANDS.values()].flatMap((command) => command.objects)
  expect(objects.filter((object) => !(OBJECT_KINDS as readonly string[]).includes(object))).toEqual([])
})
