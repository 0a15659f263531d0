import type { Guard, GuardTest } from './guard'

const PG = 'proxy/protocols/postgres'
const CLIENT = `${PG}/session-client.ts`
const COMMANDS = `${PG}/session-commands.ts`
const KNOWLEDGE = `${PG}/session-knowledge.ts`
const JUDGE = `${PG}/session-judge.ts`
const SETTLEMENTS = `${PG}/session-settlements.ts`
const REFUSALS = `${PG}/session-refusals.ts`
const OPTIONS = `${PG}/handshake-options.ts`
const CATALOGS = `${PG}/catalogs.ts`
const SNAPSHOT = `${PG}/catalog-entry.ts`

const unit = (file: string, name: string): GuardTest => ({ project: 'unit', file: `${PG}/${file}.test.ts`, name })
const extended = (name: string) => unit('session-extended', name)
const bound = (name: string) => unit('session-bind', name)
const refused = (name: string) => unit('session-refusal', name)
const heldUp = (name: string) => unit('session-hold', name)
const own = (name: string) => unit('session-own', name)
const sqlNames = (name: string) => unit('session-sql-names', name)
const handshake = (name: string) => unit('handshake', name)
const catalogs = (name: string) => unit('catalogs', name)

/** Guards of the PostgreSQL listener: what reaches the target is what was judged, with the meaning it was judged by. */
export const POSTGRES_GUARDS: readonly Guard[] = [
  {
    name: 'every statement of a message is judged',
    file: 'lib/sql/analysis/analyse.ts',
    find: 'for (const { stmt } of statements) statement(walk, stmt)',
    replace: 'for (const { stmt } of statements.slice(0, 1)) statement(walk, stmt)',
    test: { project: 'unit', file: 'lib/policy/starter.test.ts', name: 'select 1; drop table t waits when an agent' },
  },
  {
    name: 'types that a Parse declares count towards its facts',
    file: `${PG}/inspect.ts`,
    find: 'types !== undefined && anyDefined(types)',
    replace: 'types === undefined && anyDefined([])',
    test: unit('session-catalog', 'a parameter of a type counts, one that somebody defined'),
  },
  {
    name: 'types that a Parse declares count where SQL runs it',
    file: `${PG}/session-sql-names.ts`,
    find: 'encoding === undefined && !anyDefined(types)',
    replace: 'encoding === undefined || anyDefined(types)',
    test: unit('session-catalog', 'so it does where SQL runs what the protocol prepared'),
  },
  {
    name: 'nothing of a refused message is sent',
    file: REFUSALS,
    find: 'this.outbox.add(failing, 0, failing.length)',
    replace: '',
    test: refused('in a transaction a refusal leaves client and target in the same failed transaction'),
  },
  {
    name: 'behind a refused message everything is dropped up to Sync',
    file: REFUSALS,
    find: `    this.#fail(answer, null)
    state.skipping = true`,
    replace: '    this.#fail(answer, null)',
    test: refused('a refused Execute drops everything up to Sync and fails the transaction it was in'),
  },
  {
    name: 'what the target skips is neither judged nor sent',
    file: CLIENT,
    find: "if (this.#state.skipping) return 'done'",
    replace: '',
    test: extended('what comes after an error and before Sync is neither judged nor sent'),
  },
  {
    name: 'nothing behind a held message is judged or sent',
    file: CLIENT,
    find: `    this.#waits++
    step.then(`,
    replace: '    step.then(',
    test: heldUp('nothing behind it is judged or sent, whatever the protocol, and all of it follows'),
  },
  {
    name: 'a Bind waits for the Execute that it is judged with',
    file: COMMANDS,
    find: `    this.binds.park(portal, frame)
    return 'done'`,
    replace: '    return this.#sending.plain(frame)',
    test: bound('values go out together with the Execute that was judged and recorded with them'),
  },
  {
    name: 'bound values are judged and on record',
    file: `${PG}/inspect.ts`,
    find: '    ...(values.length > 0 && { binds: values }),\n',
    replace: '',
    test: extended('values and formats are recorded as they were bound'),
  },
  {
    name: 'a Bind that goes alone is held when planning it may run code',
    file: `${PG}/inspect.ts`,
    find: "...(known.facts.facts.standing === 'clear' && { deferred: true })",
    replace: 'deferred: true',
    test: bound('one that goes alone may be held when what it binds is not clear'),
  },
  {
    name: 'a portal bound anew needs an approval of its own',
    file: SETTLEMENTS,
    find: "runs.goesOn = how === 'suspended' ? permit : null",
    replace: 'runs.goesOn = permit',
    test: heldUp('an approved Execute that was suspended goes on without another approval'),
  },
  {
    name: 'a FunctionCall is never sent',
    file: COMMANDS,
    find: 'return this.#functionCall(frame)',
    replace: 'return this.#sending.plain(frame)',
    test: refused('a FunctionCall that policy has allowed is refused in its own protocol, with what to do instead'),
  },
  {
    name: 'a NUL ends no Query early',
    file: `${PG}/codec/frontend.ts`,
    find: `  demandEnd(nul + 1, end)
  return [start + 5, nul]`,
    replace: '  return [start + 5, nul]',
    test: unit('codec/frontend', 'any body of a Query is refused with a protocol error'),
  },
  {
    name: 'a message has so many statements and no more',
    file: COMMANDS,
    find: 'if (statements <= statementsPerMessage) return null',
    replace: 'if (statements > 0) return null',
    test: refused('one more than the limit of statements in a message'),
  },
  {
    name: 'a name that two servers read alike is one name',
    file: COMMANDS,
    find: "if (name.length > LONGEST_NAME) return this.#refusals.extended(tooLong('prepared statement'))",
    replace: '',
    test: extended('names of 64 bytes, of which a server tells 63 apart'),
  },
  {
    name: 'a name means what the target has confirmed',
    file: `${PG}/session-names.ts`,
    find: "if (staged.segment !== segment) return 'unsettled'",
    replace: '',
    test: extended('a message that depends on a Parse behind a Sync waits until that is answered'),
  },
  {
    name: 'a name whose Parse failed keeps its meaning',
    file: SETTLEMENTS,
    find: `    let dropped = segment
    names.drop(segment)`,
    replace: '    let dropped = segment',
    test: extended('a name whose Parse failed keeps its old meaning'),
  },
  {
    name: 'a name that SQL took is not run under its old text',
    file: SETTLEMENTS,
    find: '    state.names.forget(names.facts.touches)\n',
    replace: '',
    test: extended('a name that SQL gave another meaning is not executed under its old text'),
  },
  {
    name: 'nothing that names something is sent while names may change',
    file: COMMANDS,
    find: ' || (touching > 0 && NAMING.has(type))',
    replace: '',
    test: extended('while SQL may give names another meaning, nothing that names one is sent'),
  },
  {
    name: 'portals end with their transaction',
    file: `${PG}/session-target.ts`,
    find: "if (status === 'I') names.portals.clear()",
    replace: '',
    test: extended('a portal ends with its transaction'),
  },
  {
    name: 'EXECUTE and FETCH are judged by what they run',
    file: JUDGE,
    find: 'return whole === null ? text : { ...text, text: whole }',
    replace: 'return whole === null ? text : text',
    test: sqlNames('EXECUTE is judged by what it runs'),
  },
  {
    name: 'EXECUTE waits for what may prepare its name anew',
    file: JUDGE,
    find: "if (own.runs !== null && state.queue.length > 0) return 'held'",
    replace: '',
    test: sqlNames('EXECUTE waits for what is under way and may prepare its name anew'),
  },
  {
    name: 'after code ran, nothing is known of what SQL prepared',
    file: SETTLEMENTS,
    find: 'if (aftermath?.code) state.sqlNames.forgetAll()',
    replace: '',
    test: sqlNames('EXECUTE of what was prepared before code ran that may have prepared it anew is opaque'),
  },
  {
    name: 'after code ran, a name counts only once the target confirms it',
    file: KNOWLEDGE,
    find: 'if (aftermath.code) this.codeRuns++',
    replace: '',
    test: own('after code ran, a name counts only once the target says that it still means the same'),
  },
  {
    name: 'what may be something else by now is not understood',
    file: JUDGE,
    find: 'if (!certain) return factsOf.unreadable(statement.text)',
    replace: '',
    test: own('where the target cannot be asked, what code may have changed is not understood'),
  },
  {
    name: 'search path and roles are asked for again when something may have changed them',
    file: KNOWLEDGE,
    find: 'if (aftermath.state) this.#state = null',
    replace: '',
    test: own('what was set in a transaction is asked for again behind its commit'),
  },
  {
    name: 'search path and roles are unknown while something may change them',
    file: KNOWLEDGE,
    find: 'return (this.#underWay.state === 0 && this.#state) || UNKNOWN',
    replace: 'return this.#state || UNKNOWN',
    test: own('inside a segment nobody can ask: what may have changed it leaves it unknown up to Sync'),
  },
  {
    name: 'what a transaction set is asked for again at its end',
    file: KNOWLEDGE,
    find: 'if (this.#touched) this.#state = null',
    replace: '',
    test: unit('session-knowledge', 'what was set in a transaction is not relied on once it is over, however it ended'),
  },
  {
    name: 'what the target says of its settings counts',
    file: `${PG}/session-target.ts`,
    find: '      parameters.set(name, value)\n',
    replace: '',
    test: unit('session', 'what the target says of its settings counts from then on'),
  },
  {
    name: 'while a setting that decides how texts are read may change, they are not relied on',
    file: KNOWLEDGE,
    find: 'const settled = this.#underWay.texts === 0',
    replace: 'const settled = true',
    test: unit('session', 'nothing is known to only read while something under way may change the encoding'),
  },
  {
    name: 'a text in another encoding is not understood',
    file: `${PG}/inspect.ts`,
    find: "if (reading.encoding !== 'utf8' && BEYOND_ASCII.test(text)) return factsOf.unreadable(text)",
    replace: '',
    test: unit('session', 'beyond ASCII nothing is known to only read when the client encoding is SJIS'),
  },
  {
    name: 'a backslash is not relied on without standard strings',
    file: `${PG}/inspect.ts`,
    find: "if (reading.strings !== 'standard' && text.includes('\\\\')) return factsOf.unreadable(text)",
    replace: '',
    test: unit('session', 'a backslash is not relied on while standard_conforming_strings is off'),
  },
  {
    name: 'bytes that are no UTF-8 are not understood',
    file: `${PG}/inspect.ts`,
    find: "if (encoding === 'base64') return factsOf.unreadable(Buffer.from(text, 'base64').toString('latin1'))",
    replace: '',
    test: unit('session', 'bytes that are not UTF-8 are judged as what they are, not as what records them'),
  },
  {
    name: 'a client starts with settings of a list',
    file: OPTIONS,
    find: 'if (ALLOWED.has(folded)) return [folded, value]',
    replace: 'if (folded) return [folded, value]',
    test: handshake('an unknown parameter is refused with its name'),
  },
  {
    name: 'a client starts in an encoding that the parser follows',
    file: OPTIONS,
    find: "if (folded === 'client_encoding') return ['client_encoding', encoding(value)]",
    replace: "if (folded === 'client_encoding') return ['client_encoding', value]",
    test: handshake('an encoding the parser cannot follow is refused with its name'),
  },
  {
    name: 'no client replicates',
    file: `${PG}/handshake-startup.ts`,
    find: "refuseReplication(pairs.get('replication'))",
    replace: '',
    test: handshake('physical replication is refused with its name'),
  },
  {
    name: 'a client that leaves takes back what it waits for',
    file: `${PG}/session-holds.ts`,
    find: "if (this.#deciding) this.#gate.withdraw('client-gone')",
    replace: '',
    test: heldUp('a client that goes away takes its command back, and nothing of it is sent'),
  },
  {
    name: 'what was changed and not committed is in no snapshot',
    file: KNOWLEDGE,
    find: 'const catalog = this.#uncommitted ? null : this.#shared.catalog',
    replace: 'const catalog = this.#shared.catalog',
    test: unit('session-catalog', 'what was changed and not committed is not in any snapshot'),
  },
  {
    name: 'a snapshot is not trusted once names may have changed',
    file: SNAPSHOT,
    find: "if (what === 'names') this.#changes++",
    replace: "if (what === 'names') this.#rows = true",
    test: catalogs('after what names mean may have changed it is not trusted before it was read again from then on'),
  },
  {
    name: 'a snapshot is not trusted past its time',
    file: SNAPSHOT,
    find: 'if (ageMs > (this.#underWay > 0 ? TRUSTED_MEANWHILE_MS : TRUSTED_MS)) return null',
    replace: '',
    test: catalogs('one that cannot be renewed is not trusted past its time'),
  },
  {
    name: 'a snapshot is not trusted for long while names may change',
    file: SNAPSHOT,
    find: 'this.#underWay > 0 ? TRUSTED_MEANWHILE_MS : TRUSTED_MS',
    replace: 'TRUSTED_MS',
    test: catalogs('while something is under way that may change names at any moment'),
  },
  {
    name: 'all connections to a database hear of a change',
    file: CATALOGS,
    find: 'if (entry.place === place) entry.changed(',
    replace: 'if (entry.place === place && entry.users < 0) entry.changed(',
    test: catalogs('a change is one for every connection that leads to the same database'),
  },
]
