import { expect, test } from 'vitest'
import { STARTER_POLICIES } from './starter'
import { policy } from './testing/judging'
import { validatePolicies } from './validate'

const ALL = 'action == Action::"execute"'
const problems = (text: string) => validatePolicies([policy(text)]).map(({ line, message }) => `${line}: ${message}`)

test('the starter set is in order', () => {
  expect(validatePolicies(STARTER_POLICIES)).toEqual([])
})

test.each([
  ['an attribute that is not there', `permit (principal, ${ALL}, resource) when { context.nope };`, /nope/],
  [
    'an optional part that is not tested for',
    `permit (principal, ${ALL}, resource) when { context.sql.readOnly };`,
    /context has sql/,
  ],
  [
    'a tag that is not tested for',
    `permit (principal, ${ALL}, resource) when { resource.getTag("env") == "prod" };`,
    /hasTag/,
  ],
  ['a type that is not there', `permit (principal is Robot, ${ALL}, resource);`, /Robot/],
  ['an unknown annotation', `@hint("x")\npermit (principal, ${ALL}, resource);`, /@hint means nothing here/],
  ['a forbid without a reason', `forbid (principal, ${ALL}, resource);`, /needs @reason/],
  [
    'a hold that nothing lifts',
    `@reason("r")\n@hold("dba")\nforbid (principal, ${ALL}, resource);`,
    /approval must lift it/,
  ],
  [
    'a hold that another group lifts',
    `@reason("r")\n@hold("dba")\nforbid (principal, ${ALL}, resource) unless { context.approvedBy.contains("other") };`,
    /approval must lift it/,
  ],
  [
    'a hold that is lifted only together with something else',
    `@reason("r")\n@hold("dba")\nforbid (principal, ${ALL}, resource) unless { context.approvedBy.contains("dba") && context.hour > 9 };`,
    /approval must lift it/,
  ],
  ['a hold on a permit', `@hold("dba")\npermit (principal, ${ALL}, resource);`, /@hold belongs on a forbid/],
  [
    'a quorum without a hold',
    `@reason("r")\n@quorum("2")\nforbid (principal, ${ALL}, resource);`,
    /@quorum needs @hold/,
  ],
  [
    'a quorum of none',
    `@reason("r")\n@hold("dba")\n@quorum("0")\nforbid (principal, ${ALL}, resource) unless { context.approvedBy.contains("dba") };`,
    /@quorum is a whole number from 1 to 10/,
  ],
  ['an unknown severity', `@alert("loud")\npermit (principal, ${ALL}, resource);`, /@alert is/],
  ['an id with other characters', `@id("A b")\npermit (principal, ${ALL}, resource);`, /@id has 1 to 63/],
  ['a reason of two lines', `@reason("a\nb")\nforbid (principal, ${ALL}, resource);`, /@reason has 500 characters/],
  ['a reason with a NUL', `@reason("a\\0b")\nforbid (principal, ${ALL}, resource);`, /@reason has 500 characters/],
  ['an endless reason', `@reason("${'a'.repeat(501)}")\nforbid (principal, ${ALL}, resource);`, /@reason has 500/],
  [
    'an endless group',
    `@reason("r")\n@hold("${'g'.repeat(129)}")\nforbid (principal, ${ALL}, resource) unless { context.approvedBy.contains("${'g'.repeat(129)}") };`,
    /@hold names a group, of 128/,
  ],
  ['a scope that nothing fits', `permit (principal, ${ALL}, resource == Person::"x");`, /this can never apply/],
  [
    'conditions that exclude each other',
    `permit (principal is Agent, ${ALL}, resource) when { principal is Person };`,
    /this can never apply/,
  ],
  ['a name that reads backwards', `permit (principal in Group::"\u202exe", ${ALL}, resource);`, /BIDI/],
  [
    'a kind of statement that is not there',
    `permit (principal, ${ALL}, resource) when { context has sql && context.sql.kinds.contains("DROP") };`,
    /did you mean "drop"/,
  ],
  ['a tag as an attribute', `permit (principal, ${ALL}, resource) when { resource.env == "prod" };`, /hasTag\("env"\)/],
  [
    'an email of an agent',
    `permit (principal, ${ALL}, resource) when { principal.email == "x" };`,
    /say `principal is Person` first/,
  ],
  ['a template', `permit (principal == ?principal, ${ALL}, resource);`, /template|slot/i],
  ['no policy at all', '// nothing here\n', /there is no policy in it/],
])('%s is refused in words', (_, text, words) => {
  expect(problems(text).join('\n')).toMatch(words)
})

test('a problem names the column where it is about a part of a policy, and none where it is about the whole', () => {
  const text = `// ä😀\npermit (principal, ${ALL}, resource)\nwhen { true && context.nope };\n/**/`
  expect(validatePolicies([policy(text.replace('/**/', 'forbid (principal, action, resource);'))])).toMatchObject([
    { line: 3, column: 16, message: expect.stringMatching(/nope/) },
    { line: 4, column: null, message: expect.stringMatching(/@reason/) },
  ])
  expect(validatePolicies([policy(`permit (principal, ${ALL}, resource)\nwhen { ==  };`)])).toMatchObject([
    { line: 2, column: 8 },
  ])
})

test('a problem names the line in the document where it stands', () => {
  const text = `// one\npermit (principal, ${ALL}, resource);\n\n// four\npermit (principal, ${ALL}, resource)\nwhen {\n  context.nope\n};\n`
  expect(problems(text)).toEqual([expect.stringMatching(/^7: .*nope/)])
  expect(
    problems(`permit (principal, ${ALL}, resource);\npermit (principal, ${ALL},\n  resource) when { == };`),
  ).toEqual([expect.stringMatching(/^3: .*unexpected token/)])
})

test('two policies of one id are refused, whatever documents they are in', () => {
  const text = `@id("x")\npermit (principal, ${ALL}, resource);`
  expect(validatePolicies([policy(text, 'a'), policy(text, 'b')])).toEqual([
    { document: 'b', line: 1, column: null, message: 'there is a policy x already, in a, line 1' },
  ])
  expect(validatePolicies([policy(text, 'a'), policy(`permit (principal, ${ALL}, resource);`, 'x')])).toHaveLength(1)
})

test('semicolons and quotes in strings and comments end nothing', () => {
  const text = `// a; "b\n@reason("c; \\" // d")\nforbid (principal, ${ALL}, resource) when { context.database == ";" };`
  expect(problems(text)).toEqual([])
})
