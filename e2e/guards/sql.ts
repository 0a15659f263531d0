import type { Guard, GuardTest } from './guard'

const ANALYSIS = 'lib/sql/analysis'
const RESOLVE = 'lib/sql/resolve.ts'

const facts = (name: string): GuardTest => ({ project: 'unit', file: 'lib/sql/facts.test.ts', name })
const analysis = (name: string): GuardTest => ({ project: 'unit', file: 'lib/sql/analysis/analyse.test.ts', name })
const catalog = (name: string): GuardTest => ({
  project: 'store',
  file: 'lib/sql/catalog/catalog.store.test.ts',
  name,
})

/** Guards of facts: nothing that changes something passes for a read, nothing unknown for something known. */
export const SQL_GUARDS: readonly Guard[] = [
  {
    name: 'a command in a WITH clause counts',
    file: `${ANALYSIS}/queries.ts`,
    find: 'for (const type of Object.keys(isTree(node.ctequery) ? node.ctequery : {})) addKinds(walk, type)',
    replace: '',
    test: facts('kinds with d as (delete from t returning *) select * from d'),
  },
  {
    name: 'SELECT INTO makes a table',
    file: `${ANALYSIS}/queries.ts`,
    find: "for (const kind of ['select-into', 'create'] as const) walk.found.kinds.add(kind)",
    replace: '',
    test: facts('kinds select 1 into t'),
  },
  {
    name: 'a lock on rows is a change',
    file: `${ANALYSIS}/queries.ts`,
    find: `    walk.found.kinds.add('select-for-update')
    walk.found.changes = true`,
    replace: "    walk.found.kinds.add('select-for-update')",
    test: facts('without a catalog select 1 for update does not only read'),
  },
  {
    name: 'EXPLAIN ANALYZE runs its statement',
    file: `${ANALYSIS}/explain.ts`,
    find: 'if (value === null || !OFF.has(value.toLowerCase())) analyze = true',
    replace: "if (value?.toLowerCase() === 'on') analyze = true",
    test: facts('kinds explain (analyze) delete from t'),
  },
  {
    name: 'a number never switches EXPLAIN ANALYZE off',
    file: `${ANALYSIS}/explain.ts`,
    find: 'if (value === null || !OFF.has(value.toLowerCase())) analyze = true',
    replace: 'if (value === null ? element?.arg === undefined : !OFF.has(value.toLowerCase())) analyze = true',
    test: facts('kinds explain (analyze 0) delete from t'),
  },
  {
    name: 'COPY FROM is a change',
    file: `${ANALYSIS}/copy.ts`,
    find: 'if (into) found.changes = true',
    replace: '',
    test: facts('without a catalog copy t from stdin does not only read'),
  },
  {
    name: 'COPY with a program or a file is told apart',
    file: `${ANALYSIS}/copy.ts`,
    find: "found.kinds.add(node.is_program === true ? 'copy-program' : 'copy-file')",
    replace: '',
    test: facts("kinds copy t from program 'x'"),
  },
  {
    name: 'what COPY reads from is a statement',
    file: `${ANALYSIS}/copy.ts`,
    find: '} else statement(walk, node.query)',
    replace: '}',
    test: facts('kinds copy (delete from t returning *) to stdout'),
  },
  {
    name: 'what PREPARE prepares counts',
    file: `${ANALYSIS}/session-commands.ts`,
    find: `  statement(walk, node.query)
  walk.found.ownStatements`,
    replace: '  walk.found.ownStatements',
    test: facts('kinds prepare p as delete from t'),
  },
  {
    name: 'EXECUTE of what is not known is opaque',
    file: RESOLVE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'for (const name of found.runsStatements) this.because.add(`prepared statement ${name} is run`)',
    replace: '',
    test: facts('without a catalog execute p is opaque'),
  },
  {
    name: 'FETCH from what is not known is opaque',
    file: RESOLVE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'for (const name of found.runsCursors) this.because.add(`cursor ${name} is run`)',
    replace: '',
    test: facts('without a catalog fetch c is opaque'),
  },
  {
    name: 'what DECLARE declares counts',
    file: `${ANALYSIS}/session-commands.ts`,
    find: `  statement(walk, node.query)
  walk.found.ownCursors`,
    replace: '  walk.found.ownCursors',
    test: facts('kinds declare c cursor for select * from t for update'),
  },
  {
    name: 'DO is opaque',
    file: `${ANALYSIS}/commands.ts`,
    find: "  DoStmt: 'it runs a block of code',\n",
    replace: '',
    test: facts("without a catalog do 'x' is opaque"),
  },
  {
    name: 'CALL is opaque',
    file: `${ANALYSIS}/commands.ts`,
    find: "  CallStmt: 'it calls a procedure',\n",
    replace: '',
    test: facts('without a catalog call pg_catalog.abs(1) is opaque'),
  },
  {
    name: 'a command that is not known is opaque',
    file: `${ANALYSIS}/statement.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'walk.found.opaque.add(`a command that is not known: ${type}`)\n    walk.found.changes = true',
    replace: '',
    test: analysis('a command that is not known is opaque and changes something'),
  },
  {
    name: 'syntax that is not known is opaque',
    file: `${ANALYSIS}/walk.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'this.found.opaque.add(`syntax that is not known: ${type}.${field}`)\n',
    replace: '',
    test: analysis('a field that is not known is opaque'),
  },
  {
    name: 'a node that is not known is opaque',
    file: `${ANALYSIS}/walk.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'if (!known) this.found.opaque.add(`syntax that is not known: ${type}`)',
    replace: '',
    test: analysis('a node that is not known is opaque, wherever it stands'),
  },
  {
    name: 'a function that changes something is a change',
    file: RESOLVE,
    find: "if (effect && effect.kind !== 'set') this.changes = true",
    replace: '',
    test: facts("without a catalog select pg_catalog.nextval('s') does not only read"),
  },
  {
    name: 'a name that is not known without the catalog is opaque',
    file: RESOLVE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'if (!settled) this.because.add(`what ${what} is cannot be known without the catalog`)\n    else',
    replace: '',
    test: facts('without a catalog select now() is opaque'),
  },
  {
    name: 'what the catalog says of a name counts',
    file: RESOLVE,
    find: 'for (const doubt of doubts ?? HARMLESS) this.because.add(doubt)\n    const settled',
    replace: 'const settled',
    test: catalog('what may run code that is not known select lower(name) from t'),
  },
  {
    name: 'a dot may be a call',
    file: RESOLVE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: 'this.#doubt((this.meanings?.callOfOne(name) ?? HARMLESS).map((doubt) => `.${name} may be a call: ${doubt}`))',
    replace: '',
    test: catalog('what may run code that is not known select t.area from t'),
  },
  {
    name: 'code of an index, a constraint or a partition key counts',
    file: 'lib/sql/catalog/judge.ts',
    find: '      ...row.code.flatMap((func) => this.#func(func, links)),\n',
    replace: '',
    test: catalog('what may run code that is not known select * from indexed'),
  },
  {
    name: 'conditions of row-level security count',
    file: 'lib/sql/catalog/judge.ts',
    find: '      ...(row.policies ?? NONE).flatMap((policy) => this.#texts.condition(policy, links)),\n',
    replace: '',
    test: catalog('what may run code that is not known select * from policed'),
  },
  {
    name: 'a foreign table reaches elsewhere',
    file: 'lib/sql/catalog/judge.ts',
    find: "...('rvmpS'.includes(row.kind) ? NONE : ['is a foreign table, which reaches elsewhere']),",
    replace: '',
    test: catalog('what may run code that is not known select * from far'),
  },
  {
    name: 'what a view leads to counts',
    file: 'lib/sql/catalog/judge.ts',
    find: 'for (const next of local.next) seen.add(next)',
    replace: '',
    test: catalog('what may run code that is not known select * from v_deep'),
  },
  {
    name: 'a NUL does not end a text',
    file: 'lib/sql/parse.ts',
    find: "if (text.includes('\\0')) return null",
    replace: '',
    test: facts('parser and server "select 1 \\u0000; drop table x" is not understood'),
  },
  {
    name: 'a comment ends where the server ends it',
    file: 'lib/sql/parse.ts',
    find: 'return parseSync(text).stmts ?? []',
    replace: "return parseSync(text.replace(/--[^\\n]*/g, '')).stmts ?? []",
    test: facts('parser and server comments end at a carriage return, as the server reads them'),
  },
  {
    name: 'a text beyond the limit is not understood',
    file: 'lib/sql/facts.ts',
    find: "if (text.length > limits.statementBytes) return unparsed(text, 'it is too long')",
    replace: '',
    test: facts('parser and server a text of 1 beyond the limit of a statement is unparsed'),
  },
  {
    name: 'a tree beyond the limits is not understood',
    file: `${ANALYSIS}/walk.ts`,
    find: 'if (++this.#depth > this.limits.treeDepth || this.#nodes > this.limits.treeNodes) throw new TooLarge()',
    replace: '++this.#depth',
    test: facts('a tree that is too deep or too large, or has too many names, is not understood'),
  },
  {
    name: 'more names than can be recorded are not understood',
    file: `${ANALYSIS}/analyse.ts`,
    find: 'return found.nameCount > MAX_NAMES ? null : found',
    replace: 'return found',
    test: facts('a tree that is too deep or too large, or has too many names, is not understood'),
  },
  {
    name: 'a backslash counts only where its meaning is confirmed',
    file: 'lib/sql/facts.ts',
    find: "if (reading.strings !== 'standard' && text.includes('\\\\')) {",
    replace: 'if (false) {',
    test: facts('a backslash is read only where the session confirmed what it means'),
  },
  {
    name: 'characters beyond ASCII count only where the encoding is confirmed',
    file: 'lib/sql/facts.ts',
    find: "if (reading.encoding !== 'utf8' && beyondAscii(text)) {",
    replace: 'if (false) {',
    test: facts('so are characters beyond ASCII'),
  },
  {
    name: 'a WHERE that leaves nothing out is none',
    file: `${ANALYSIS}/filter.ts`,
    find: "return logical.boolop === 'OR_EXPR' ? parts.every(filters) : parts.some(filters)",
    replace: 'return parts.some(filters)',
    test: facts('UPDATE and DELETE without a WHERE that filters delete from t where a = 1 or true'),
  },
  {
    name: 'a column compared with itself filters nothing',
    file: `${ANALYSIS}/filter.ts`,
    find: 'if (operation && isReflexive(operation)) return false',
    replace: '',
    test: facts('UPDATE and DELETE without a WHERE that filters delete from t where a = a'),
  },
  {
    name: 'a MERGE that matches every row is without a filter',
    file: `${ANALYSIS}/changes.ts`,
    find: 'walk.found.unfiltered.add(kind)\n  }\n  assigned',
    replace: '}\n  assigned',
    test: facts(
      'UPDATE and DELETE without a WHERE that filters merge into t using u on t.a = u.a when not matched by source then delete',
    ),
  },
  {
    name: 'a setting by a name that is not known is any setting',
    file: `${ANALYSIS}/set-config.ts`,
    find: "addSetting(found, name ?? '*', constantString(args[1]))",
    replace: "addSetting(found, name ?? '', constantString(args[1]))",
    test: facts("settings select pg_catalog.set_config('ro' || 'le', 'x', true)"),
  },
  {
    name: 'a setting that decides what runs is a change',
    file: `${ANALYSIS}/settings.ts`,
    find: 'if (!harmless) found.changes = true',
    replace: '',
    test: facts('settings set default_transaction_read_only = off may'),
  },
  {
    name: 'SET ROLE is security',
    file: `${ANALYSIS}/settings.ts`,
    find: "if (SECURITY.has(setting)) found.kinds.add('security')",
    replace: '',
    test: facts('kinds set role x'),
  },
  {
    name: 'numbers share an answer only where they are values',
    file: 'lib/sql/facts.ts',
    find: 'if (folded === text || constantsAreValues(facts.facts)) {',
    replace: 'if (folded.length > 0) {',
    test: facts('what hangs on the facts select evil.run(1) and select evil.run(2) have different shapes'),
  },
  {
    name: 'facts are kept by the snapshot that gave them',
    file: 'lib/sql/facts-cache.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    find: "`${reading.strings} ${reading.encoding} ${reading.catalog?.version ?? ''}\\n`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    replace: '`${reading.strings} ${reading.encoding}\\n`',
    test: facts('whole numbers share one place in the cache, and other texts and readings do not'),
  },
]
