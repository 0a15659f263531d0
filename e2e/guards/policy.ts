import type { Guard, GuardTest } from './guard'

const CEDAR = 'lib/policy/cedar.ts'
const CACHE = 'lib/policy/verdict-cache.ts'
const VALIDATE = 'lib/policy/validate.ts'
const SPACE = 'lib/policy/name-space.ts'

const unit = (file: string, name: string): GuardTest => ({ project: 'unit', file: `lib/policy/${file}.test.ts`, name })
const hostile = (name: string) => unit('hostile', name)
const validated = (name: string) => unit('validate', `${name} is refused in words`)

/** Guards of policies: what they can be made to say, to whom, and by which names. */
export const POLICY_GUARDS: readonly Guard[] = [
  {
    name: 'a policy that cannot be evaluated denies',
    file: CEDAR,
    find: 'if (diagnostics.errors.length > 0) return FAILED',
    replace: '',
    test: hostile('a forbid that cannot be evaluated lets nothing through a tag that is not there'),
  },
  {
    name: 'what could not be evaluated is not remembered',
    file: 'lib/policy/policies.ts',
    find: 'if (failed) return verdict',
    replace: '',
    test: unit('policies', 'of which something could not be evaluated is not remembered'),
  },
  {
    name: 'a policy that can never apply is not saved',
    file: CEDAR,
    find: '!wrong.has(policyId) && GRAVE.test(error.message)',
    replace: 'false',
    test: validated('a scope that nothing fits'),
  },
  {
    name: 'nobody approves what is refused all the same',
    file: 'lib/policy/slice.ts',
    find: "return then.verdict.effect === 'deny' ? then : now",
    replace: 'return now',
    test: unit('policies', 'is deny where approval would not make it permitted'),
  },
  {
    name: 'a hold that its own group cannot lift is not saved',
    file: VALIDATE,
    find: "if (!conditions.some(({ kind, body }) => kind === 'unless' && lifts(body, hold.group)))",
    replace: 'if (false)',
    test: validated('a hold that another group lifts'),
  },
  {
    name: 'a quorum of none is not saved',
    file: VALIDATE,
    find: 'annotations.quorum !== undefined && !isQuorum(annotations.quorum)',
    replace: 'false',
    test: validated('a quorum of none'),
  },
  {
    name: 'a quorum that is no number demands the most',
    file: 'lib/policy/parse.ts',
    find: 'isQuorum(quorum) ? Number(quorum) : MOST_QUORUM',
    replace: 'Number(quorum)',
    test: hostile('with a quorum that is no number demands the most'),
  },
  {
    name: 'a policy with a word that facts never have is not saved',
    file: 'lib/policy/vocabulary.ts',
    find: 'if (known.includes(word)) continue',
    replace: 'continue',
    test: validated('a kind of statement that is not there'),
  },
  {
    name: 'a comment hides no policy',
    file: 'lib/policy/split.ts',
    find: '[^\\r\\n]*)*/',
    replace: '[^\\n]*)*/',
    test: hostile('whose comment ends at a carriage return hides no policy'),
  },
  {
    name: 'a text that would exhaust Cedar never reaches it',
    file: 'lib/policy/split.ts',
    find: 'links > MOST_LINKS ?',
    replace: 'links < 0 ?',
    test: hostile('of products without measure is refused before Cedar sees it'),
  },
  {
    name: 'a verdict that rests on the time is not remembered',
    file: CACHE,
    find: "if (anyUsed(uses, 'time')) return null",
    replace: '',
    test: unit('policies', 'that looks at the hour or the time is asked again when that has changed'),
  },
  {
    name: 'a verdict is remembered with its approvals',
    file: CACHE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: '\\n${approved}\\n',
    replace: '\\n',
    test: hostile('approvals, the kind of message, facts and the meaning of names'),
  },
  {
    name: 'a verdict is remembered with what names mean',
    file: CACHE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: '\\n${names.key}',
    replace: '',
    test: hostile('approvals, the kind of message, facts and the meaning of names'),
  },
  {
    name: 'a verdict is remembered with tags',
    file: CACHE,
    find: 'Object.entries(connection.tags).sort(byName)',
    replace: "''",
    test: hostile('tags, connection, database, user, client and run'),
  },
  {
    name: 'remembered verdicts are bounded',
    file: CACHE,
    find: 'if (this.#known.size >= this.#most) {',
    replace: 'if (false) {',
    test: unit('verdict-cache', 'keeps so many verdicts and no more'),
  },
  {
    name: 'what is left out of a slice cannot apply',
    file: 'lib/policy/scope.ts',
    find: '[uid, ...parents].some',
    replace: '[uid].some',
    test: unit('scope', 'what is left out of a slice would not have changed a verdict'),
  },
  {
    name: 'what Cedar keeps ready is bounded',
    file: 'lib/policy/prepared-pool.ts',
    find: 'if (this.#size + size <= this.#most) break',
    replace: 'break',
    test: unit('prepared-pool', 'keeps no more than it may'),
  },
  {
    name: 'one search path does not pass for another',
    file: SPACE,
    find: 'JSON.stringify([path, relations?.version ?? null])',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    replace: "`${path?.join('\\n')}`",
    test: unit('name-space', 'is not got round by a path that looks like an earlier one'),
  },
  {
    name: 'a path without end is not followed',
    file: SPACE,
    find: 'searchPath === null || searchPath.length > MOST_SCHEMAS ? null : searchPath',
    replace: 'searchPath',
    test: unit('name-space', 'may be anywhere where there are too many schemas to tell'),
  },
  {
    name: 'nothing is clear where a relation may be anywhere',
    file: 'lib/policy/sql-context.ts',
    find: 'const seen = withStanding(facts, names)',
    replace: 'const seen = facts',
    test: unit('name-space', 'leaves nothing clear where it is not known which relation is meant'),
  },
  {
    name: 'what is judged is bounded',
    file: 'lib/policy/sql-context.ts',
    find: 'if (texts > MOST_TEXTS) return null',
    replace: '',
    test: unit('context', 'is nothing where it would be more than can be judged, soon'),
  },
  {
    name: 'a name does not pass for an address',
    file: 'lib/policy/context.ts',
    find: "onBehalfOf.email ?? ''",
    replace: 'onBehalfOf.email ?? onBehalfOf.name',
    test: unit('context', 'has no name where an address belongs'),
  },
  {
    name: 'the server’s own tables are not written unseen',
    file: 'lib/sql/resolve.ts',
    find: 'if (isServers(name)) this.#serverRelation(name)',
    replace: '',
    test: {
      project: 'unit',
      file: 'lib/sql/server-relations.test.ts',
      name: 'may change what everything means, like a command that administers',
    },
  },
]
