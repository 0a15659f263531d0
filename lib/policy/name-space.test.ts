import { describe, expect, test } from 'vitest'
import { type KnownRelations, nameSpace } from './name-space'
import { brief, loaded, operation, policy, session } from './testing/judging'

const relations = (known: Readonly<Record<string, readonly string[]>>, version = '1'): KnownRelations => ({
  version,
  schemasOf: (name) => known[name] ?? [],
})
const known = relations({ t: ['a', 'b', 'z'], 'x.y': ['b'], 'q"': ['odd.schema'] })

describe('a name without a schema', () => {
  test.each<[string, readonly string[] | null, KnownRelations | null, string, readonly string[] | null]>([
    ['may be in each schema of the path that has it', ['b', 'c', 'a'], known, 't', ['b', 'a']],
    ['may be in every schema of the path where none has it yet', ['b', 'c'], known, 'new', ['b', 'c']],
    ['may be in every schema of the path where no catalog is known', ['b', 'c'], null, 't', ['b', 'c']],
    ['may be in every schema that has it where the path is not known', null, known, 't', ['a', 'b', 'z']],
    ['may be anywhere where neither says', null, known, 'new', null],
    ['may be anywhere where nothing is known', null, null, 't', null],
    ['is nowhere on an empty path', [], known, 't', []],
    ['that starts as the server’s own may be one', ['b'], known, 'pg_authid', ['pg_catalog', 'b']],
    ['that is quoted is looked up as it is', ['a', 'b'], known, '"x.y"', ['b']],
    ['is given schemas that no other can pass for', ['odd.schema', 'b'], known, '"q"""', ['"odd.schema"']],
  ])('%s', (_, path, catalog, name, expected) => {
    expect(nameSpace(path, catalog).schemasOf(name)).toEqual(expected)
  })

  test('may be anywhere where there are too many schemas to tell', () => {
    const many = Array.from({ length: 101 }, (_, index) => `s${index}`)
    expect(nameSpace(many, known).schemasOf('new')).toBeNull()
    expect(nameSpace(null, relations({ t: many })).schemasOf('t')).toBeNull()
  })
})

test('name spaces that answer otherwise have other keys', () => {
  const spaces = [
    nameSpace(null, null),
    nameSpace([], null),
    nameSpace(['a', 'b'], null),
    nameSpace(['b', 'a'], null),
    // One schema with an odd name, and two.
    ...['a\nb', 'a,b', 'a", "b', 'a","b'].map((odd) => nameSpace([odd], null)),
    nameSpace(['a', 'b'], known),
    nameSpace(['a', 'b'], relations({}, '2')),
    nameSpace(null, known),
  ]
  expect(new Set(spaces.map(({ key }) => key)).size).toBe(spaces.length)
  expect(nameSpace(['a', 'b'], known).key).toBe(nameSpace(['a', 'b'], known).key)
})

describe('a policy about a relation', () => {
  const secret = policy(
    `@reason("r")
    forbid (principal, action == Action::"execute", resource)
    when { context has sql && (context.sql.reads.contains("hr.t") || context.sql.writes.contains("hr.t")) };`,
    'secret',
  )
  const clearOnly = policy(
    `permit (principal, action == Action::"execute", resource) when { context has sql && context.sql.standing == "clear" };`,
    'clear',
  )
  const judge = loaded(secret, clearOnly).judge(session('agent'))
  const ask = (sql: string, path: readonly string[] | null, catalog: KnownRelations | null) =>
    brief(judge(operation(sql, { names: nameSpace(path, catalog) })))

  test('applies when the search path leads to it, and not when it leads elsewhere', () => {
    const both = relations({ t: ['hr', 'public'] })
    expect(ask('insert into t values (1)', ['public'], both)).toBe('allow')
    expect(ask('insert into t values (1)', ['hr', 'public'], both)).toBe('deny secret')
    expect(ask('insert into t values (1)', ['public'], relations({ t: ['public'] }, '2'))).toBe('allow')
  })

  test('is not got round by a path that looks like an earlier one', () => {
    expect(ask('insert into t values (1)', ['x\nhr'], null)).toBe('allow')
    expect(ask('insert into t values (1)', ['x', 'hr'], null)).toBe('deny secret')
  })

  test('leaves nothing clear where it is not known which relation is meant', () => {
    expect(ask('insert into t values (1)', null, relations({ t: ['hr', 'public'] }))).toBe('deny secret')
    expect(ask('insert into u values (1)', null, null)).toBe('deny')
    expect(ask('insert into public.u values (1)', null, null)).toBe('allow')
    expect(ask('set work_mem = 1', null, null)).toBe('allow')
  })
})
