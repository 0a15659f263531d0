import { expect, test } from 'vitest'
import { parseStatement } from './cedar'
import { contextUses } from './uses'

const uses = (when: string) => {
  const tree = parseStatement(`permit (principal, action, resource) when { ${when} };`)
  if ('message' in tree) throw new Error(tree.message)
  return [...contextUses([tree])].sort()
}

test.each([
  ['context.hour > 3', ['hour']],
  ['context has sql && context.sql.reads.contains("t")', ['sql.reads', 'sql?']],
  ['context has sql.reads', ['sql.reads']],
  ['context["sql"]["reads"] == []', ['sql.reads']],
  ['context.client.address.isLoopback()', ['client.address']],
  ['{ a: context.sql }.a.readOnly', ['sql']],
  ['[context.time].contains(context.time)', ['time']],
  ['(if context.hour > 3 then context else context).time > datetime("2026-01-01")', ['*', 'hour']],
  ['context == context', ['*']],
  ['"Var" == "context" && principal.name like "*context.time*"', []],
  ['{ ".": { left: context.time, attr: "x" } } has x', ['time']],
  ['principal.hasTag(context.database)', ['database']],
])('%s looks at no more and no less than %j', (when, expected) => {
  expect(uses(when)).toEqual(expected)
})
