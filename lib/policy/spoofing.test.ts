import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brief, loaded, operation, policy, principal, session, settled } from './testing/judging'

/** A Cedar string for any text. */
const cedar = (text: string) =>
  `"${Array.from(text, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`).join('')}"`
const permit = (when: string) => policy(`permit (principal, action, resource) when { ${when} };`)

const NASTY = [
  'a',
  'A',
  'a"',
  '"a"',
  'a" || true //',
  '\\',
  '\\u{61}',
  'a\0',
  'a\n',
  'Group::"a"',
  'ａ',
  'а',
  'á',
  'á',
  '',
]
const texts = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme', maxLength: 6 }))

describe('a text is only ever itself, whatever is in it', () => {
  test('as a group, a name, a tag, a database, a user, an application and a run', () => {
    fc.assert(
      fc.property(texts, texts, (wanted, given) => {
        const set = loaded(
          permit(`principal in Group::${cedar(wanted)} && principal.name == ${cedar(wanted)} &&
            resource.hasTag(${cedar(wanted)}) && resource.getTag(${cedar(wanted)}) == ${cedar(wanted)} &&
            context.database == ${cedar(wanted)} && context.targetUser == ${cedar(wanted)} &&
            context.client.application == ${cedar(wanted)} && context has run && context.run.label == ${cedar(wanted)}`),
        )
        const who = session('agent', {
          principal: principal('agent', { name: given, groups: [given, `${given}x`] }),
          connection: { name: 'shop', protocol: 'postgres', tags: { [given]: given } },
          database: given,
          targetUser: given,
          client: { address: '10.0.0.9', application: given },
          run: { id: 'run_1', label: given },
        })
        expect(brief(set.judge(who)(operation('select 1')))).toBe(given === wanted ? 'allow' : 'deny')
        set.release()
      }),
      { numRuns: 100 },
    )
  }, 30_000)

  test('as an approval', () => {
    const set = loaded(permit('context.approvedBy.contains("dba")'))
    const ask = (...approvedBy: string[]) => brief(set.judge(session('agent'))(operation('select 1', { approvedBy })))
    expect(ask('dba')).toBe('allow')
    for (const other of ['DBA', 'dba ', '"dba"', 'dba","x', '["dba"]', 'dbа']) expect(ask(other), other).toBe('deny')
    expect(ask('x","dba', 'y')).toBe('deny')
  })

  test('as an id: a principal called like another, or of another kind, is somebody else', () => {
    const set = loaded(policy(`permit (principal == Agent::"pri_1", action, resource);`))
    const ask = (kind: 'agent' | 'service' | 'person', change: Parameters<typeof principal>[1]) =>
      brief(set.judge(session(kind, { principal: principal(kind, change) }))(operation('select 1')))
    expect(ask('agent', {})).toBe('allow')
    expect(ask('agent', { id: 'pri_9', name: 'pri_1' })).toBe('deny')
    expect(ask('agent', { id: 'PRI_1' as 'pri_1' })).toBe('deny')
    expect(ask('service', {})).toBe('deny')
    expect(ask('person', {})).toBe('deny')
    expect(ask('agent', { id: 'pri_9', groups: ['pri_1', 'Agent::"pri_1"'] })).toBe('deny')
  })
})

describe('a relation is meant however it is written', () => {
  const set = loaded(
    permit('context has sql'),
    policy(
      `@reason("r") forbid (principal, action, resource) when { context has sql &&
        (context.sql.reads.contains("hr.pay") || context.sql.writes.contains("hr.pay")) };`,
      'pay',
    ),
  )
  const ask = (sql: string) => brief(set.judge(session('agent'))(settled(sql)))

  test.each([
    'select * from hr.pay',
    'SELECT * FROM HR.PAY',
    'select * from "hr"."pay"',
    'select * from shop.hr.pay',
    'select * from U&"h\\0072".pay',
    'select * from hr . /* x */ pay',
    'table hr.pay',
    'select (select max(x) from hr.pay)',
    'with pay as (select 1) select * from hr.pay',
    'select 1 where exists (select from only hr.pay)',
    'copy hr.pay to stdout',
    'copy (select * from hr.pay) to stdout',
    'create table mine as table hr.pay',
    'insert into mine select * from hr.pay',
    'explain select * from hr.pay',
    'prepare p as select * from hr.pay',
    'declare c cursor for select * from hr.pay',
    'truncate hr.pay',
    'alter table hr.pay rename to y',
    'create view v as select * from hr.pay',
    'create rule r as on insert to hr.pay do nothing',
    "comment on table hr.pay is 'x'",
    'lock hr.pay',
    'update t set a = 1 from hr.pay where t.a = pay.a',
    'delete from t using hr.pay where t.a = pay.a',
    'merge into t using hr.pay p on t.a = p.a when not matched then do nothing',
    'select 1; select * from hr.pay',
    'create index on hr.pay (a)',
    'create table kid () inherits (hr.pay)',
    'create table kid partition of hr.pay default',
    'create table kid (like hr.pay)',
    'create table kid (a int references hr.pay)',
    'alter table kid add foreign key (a) references hr.pay',
    'create trigger t after insert on hr.pay execute function f()',
    'create publication p for table hr.pay',
    'create policy p on hr.pay',
    'grant select on hr.pay to public',
    'drop table hr.pay',
    'analyze hr.pay',
    'vacuum hr.pay',
    'cluster hr.pay',
    'reindex table hr.pay',
    'create statistics s on a, b from hr.pay',
  ])('%s', (sql) => {
    expect(ask(sql)).toBe('deny pay')
  })

  test.each(['select * from "HR".pay', 'select * from hr."Pay"', 'select * from "hr.pay"', 'select hr.pay from hr'])(
    '%s is another one',
    (sql) => {
      expect(ask(sql)).toBe('allow')
    },
  )
})
