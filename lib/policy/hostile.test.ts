import { describe, expect, test } from 'vitest'
import { parseDocument } from './parse'
import { brief, loaded, operation, policy, principal, session } from './testing/judging'
import { validatePolicies } from './validate'

const ALL = 'action == Action::"execute"'
const PERMIT = policy(`permit (principal, ${ALL}, resource);`, 'all')
const permit = (when: string) => policy(`permit (principal, ${ALL}, resource) when { ${when} };`)
const ask = (set: ReturnType<typeof loaded>, who = session('agent'), sql = 'select 1') =>
  brief(set.judge(who)(operation(sql)))

describe('a forbid that cannot be evaluated lets nothing through', () => {
  test.each([
    [
      'a number that grows too large, which no check before it is saved can see',
      'context.hour * 9223372036854775807 > 1',
    ],
    ['a tag that is not there', 'resource.getTag("none") == "x"'],
    ['an attribute that is not there', 'context.nope == 1'],
    ['an optional part that is not there', 'context.run.id == "x"'],
    ['values of different types', 'context.hour < "x"'],
    ['an address that is none', 'ip(principal.name).isLoopback()'],
  ])('%s', (_, when) => {
    const forbid = policy(`@reason("r")\nforbid (principal, ${ALL}, resource) when { ${when} };`, 'errs')
    expect(ask(loaded(PERMIT, forbid))).toBe('deny')
    const held = `@reason("r")\n@hold("g")\nforbid (principal, ${ALL}, resource) when { ${when} } unless { context.approvedBy.contains("g") };`
    expect(ask(loaded(PERMIT, policy(held, 'holds')))).toBe('deny')
  })

  test('an address of the client that is none', () => {
    const who = session('agent', { client: { address: 'unknown', application: '' } })
    const near = permit('context.client.address.isLoopback() || true')
    expect(ask(loaded(near), who)).toBe('deny')
  })

  test('facts that are not what the schema says', () => {
    const facts = operation('select 1').facts
    const broken = facts && { key: 'b', facts: { ...facts.facts, kinds: null as unknown as [] } }
    const forbid = policy(
      `@reason("r")\nforbid (principal, ${ALL}, resource) when { context has sql && context.sql.kinds.contains("drop") };`,
      'no-drop',
    )
    expect(brief(loaded(PERMIT, forbid).judge(session('agent'))(operation('x', { facts: broken })))).toBe('deny')
  })
})

describe('a remembered verdict is of nobody else and of nothing else', () => {
  const group = loaded(permit('principal in Group::"a" || principal in Group::"b,c"'))
  test.each([
    ['the groups', session('agent', { principal: principal('agent', { groups: ['b', 'c'] }) })],
    ['the kind, for the same id', session('service', { principal: principal('service', { groups: [] }) })],
    ['the name', session('agent', { principal: principal('agent', { name: '["a"]', groups: [] }) })],
  ])('%s', (_, other) => {
    expect(ask(group, session('agent', { principal: principal('agent', { groups: ['a'] }) }))).toBe('allow')
    expect(ask(group, other)).toBe('deny')
  })

  test('tags, connection, database, user, client and run', () => {
    const conditions: readonly [string, Parameters<typeof session>[1]][] = [
      [
        'resource.hasTag("env") && resource.getTag("env") == "prod"',
        { connection: { name: 'shop', protocol: 'postgres', tags: {} } },
      ],
      ['resource.name == "shop"', { connection: { name: 'shop2', protocol: 'postgres', tags: { env: 'prod' } } }],
      ['context.database == "shop"', { database: 'other' }],
      ['context.targetUser == "app"', { targetUser: 'postgres' }],
      ['context.client.application == "psql"', { client: { address: '10.0.0.9', application: 'x' } }],
      ['context.client.address == ip("10.0.0.9")', { client: { address: '10.0.0.8', application: 'psql' } }],
      ['!(context has run)', { run: { id: 'run_1', label: 'x' } }],
    ]
    for (const [when, change] of conditions) {
      const set = loaded(permit(when))
      expect(ask(set), when).toBe('allow')
      expect(ask(set, session('agent', change)), when).toBe('deny')
    }
  })

  test('approvals, the kind of message, facts and the meaning of names', () => {
    const set = loaded(
      permit(
        'context.approvedBy.contains("g") || context.type == "bind" || (context has sql && context.sql.reads.contains("secret.t"))',
      ),
    )
    const judge = set.judge(session('agent'))
    const sql = 'select * from t'
    expect(brief(judge(operation(sql)))).toBe('deny')
    expect(brief(judge(operation(sql, { approvedBy: ['g'] })))).toBe('allow')
    expect(brief(judge(operation(sql, { approvedBy: ['g2', 'h'] })))).toBe('deny')
    expect(brief(judge(operation(sql, { type: 'bind' })))).toBe('allow')
    expect(brief(judge(operation(sql, { names: { key: 's', schemasOf: () => ['secret'] } })))).toBe('allow')
    expect(brief(judge(operation('select * from secret.t')))).toBe('allow')
    expect(brief(judge(operation(sql)))).toBe('deny')
  })
})

describe('a text', () => {
  test('whose comment ends at a carriage return hides no policy', () => {
    const text = `// nothing here\r@reason("r")\rforbid (principal, ${ALL}, resource);`
    expect(parseDocument(policy(text)).statements).toMatchObject([{ effect: 'forbid', line: 2 }])
    expect(ask(loaded(PERMIT, policy(text)))).toBe('deny p')
  })

  test.each([
    ['that ends within a policy', `permit (principal, ${ALL}, resource)`],
    ['that ends within a string', `permit (principal, ${ALL}, resource) when { "a };`],
    [
      'with two policies where one must be',
      `permit (principal, ${ALL}, resource) permit (principal, ${ALL}, resource);`,
    ],
    ['with a lone semicolon', `permit (principal, ${ALL}, resource);;`],
    ['with a NUL', `permit (principal, ${ALL}, resource);\0`],
  ])('%s is refused, and loading it throws', (_, text) => {
    expect(validatePolicies([policy(text)])).not.toEqual([])
    expect(() => loaded(policy(text))).toThrow()
  })

  const many = (count: number, text: string) => text.repeat(count)
  // Each of them, given to Cedar, would leave it unusable for the rest of the process.
  test.each([
    ['brackets', `${many(250, '(')}true${many(250, ')')}`],
    ['sets', `${many(250, '[')}1${many(250, ']')} == [1]`],
    ['records', `${many(250, '{a:')}1${many(250, '}')} has b`],
    ['conditions', `${many(1_000, 'if true then ')}true${many(1_000, ' else false')}`],
    ['sums', `${many(5_000, '1 + ')}1 > 0`],
    ['products', `${many(1_000, '1*')}1 > 0`],
    ['conjunctions', `${many(5_000, 'true&&')}true`],
    ['attributes', `context${many(1_000, '.a')}`],
    ['indexes', `context${many(1_000, '["a"]')}`],
    ['calls', `context.approvedBy${many(1_000, '.contains("a")')}`],
  ])('of %s without measure is refused before Cedar sees it', (_, when) => {
    expect(validatePolicies([permit(when)])).toMatchObject([{ message: expect.stringMatching(/brackets|operators/) }])
    expect(ask(loaded(PERMIT))).toBe('allow')
  })

  test.each([
    ['brackets around products', `${many(15, '(')}${many(190, '1*')}1${many(15, ')')} > 0`],
    ['brackets around attributes', `${many(15, '(')}context${many(190, '.a')}${many(15, ')')}`],
    [
      'records around conditions',
      `${many(15, '{a:')}${many(30, 'if true then ')}true${many(30, ' else false')}${many(15, '}')} has b`,
    ],
    ['brackets with a condition in each', `${many(15, '(if true then 1 + 1 > 0 && ')}true${many(15, ' else false)')}`],
    ['sets around calls', `${many(14, '[')}context.approvedBy${many(90, '.containsAll("a")')}${many(14, ']')} == [1]`],
    ['a long list', `[${many(10_000, '"a", ')}"b"].contains("b")`],
  ])('of %s, as much as may be, is not too much for Cedar', (_, when) => {
    expect(validatePolicies([permit(when)]).filter(({ message }) => /brackets may|operators/.test(message))).toEqual([])
    loaded(permit(when)).judge(session('agent'))(operation('select 1'))
    expect(ask(loaded(PERMIT))).toBe('allow')
  })

  test('with characters of more than a byte before an error still names its line', () => {
    expect(
      validatePolicies([
        policy(`// ${'ü😀'.repeat(50)}\npermit (principal, ${ALL}, resource)\nwhen { context.nope };\n\n\n`),
      ]),
    ).toMatchObject([{ line: 3 }])
  })

  test('with a quorum that is no number demands the most, should it ever be in force', () => {
    for (const quorum of ['', '0', 'x', '-1', '1e0', '99']) {
      const text = `@reason("r")\n@hold("g")\n@quorum("${quorum}")\nforbid (principal, ${ALL}, resource) unless { context.approvedBy.contains("g") };`
      expect(validatePolicies([policy(text)])).toHaveLength(1)
      expect(parseDocument(policy(text)).statements).toMatchObject([{ hold: { group: 'g', quorum: 10 } }])
    }
  })
})

test('a released set denies, also what it remembers and once another has its place', () => {
  const old = loaded(PERMIT)
  const judge = old.judge(session('agent'))
  expect(brief(judge(operation('select 1')))).toBe('allow')
  old.release()
  expect(ask(loaded(PERMIT))).toBe('allow')
  expect(brief(judge(operation('select 1')))).toBe('deny')
  expect(brief(judge(operation('select 2')))).toBe('deny')
  expect(ask(old)).toBe('deny')
})
