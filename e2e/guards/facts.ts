import type { Guard, GuardTest } from './guard'

const RESOLVE = 'lib/sql/resolve.ts'
const JUDGE = 'lib/sql/catalog/judge.ts'

const tried = (of: string): GuardTest => ({
  project: 'store',
  file: 'e2e/readonly/readonly.store.test.ts',
  name: `nothing that is known to only read changes anything: ${of}`,
})
const EVERYTHING = tried('every function, operator, type, relation and setting')
const COMBINATIONS = tried('combinations and mutations')

const facts = (name: string): GuardTest => ({ project: 'unit', file: 'lib/sql/facts.test.ts', name })

/** Guards of what is known to only read: without one of them something is said to change nothing that does, or may. */
export const FACTS_GUARDS: readonly Guard[] = [
  {
    name: 'a function of the server that is not known to be harmless is not',
    file: RESOLVE,
    find: 'else if (!found) ',
    replace: 'else if (what === "") ',
    test: facts('without a catalog select pg_catalog.unheard_of(1) is opaque'),
  },
  {
    name: 'a function that is known to change something does',
    file: RESOLVE,
    find: "if (effect && effect.kind !== 'set') this.changes = true",
    replace: '',
    test: EVERYTHING,
  },
  {
    name: 'code that nobody looked at is not harmless',
    file: JUDGE,
    find: "return source !== null && isHarmlessCode(language, source, uses.length) ? NONE : ['is not known to be harmless']",
    replace: 'return NONE',
    test: COMBINATIONS,
  },
  {
    name: 'a relation is what it leads to',
    file: JUDGE,
    find: 'for (const next of local.next) seen.add(next)',
    replace: '',
    test: COMBINATIONS,
  },
  {
    name: 'a setting that is not known to be harmless is not',
    file: 'lib/sql/analysis/settings.ts',
    find: 'if (!harmless) found.changes = true',
    replace: '',
    test: facts('settings set app.tenant = 1 may'),
  },
]
