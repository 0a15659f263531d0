import { LIMITS } from '#lib/domain/limits'
import type { PolicyDocument } from '#lib/domain/policy'
import type { SessionState } from '#lib/domain/review'
import type { KnownFacts } from '#lib/domain/sql-facts'
import { PreparedStatements } from '#lib/policy/cedar'
import { contextOf, entitiesOf } from '#lib/policy/context'
import { parseDocument } from '#lib/policy/parse'
import { type Judge, Policies } from '#lib/policy/policies'
import type { NameSpace, PolicyOperation, PolicySession } from '#lib/policy/request'
import { canApply } from '#lib/policy/scope'
import { STARTER_POLICIES } from '#lib/policy/starter'
import { contextUses } from '#lib/policy/uses'
import { asInstalled } from '#lib/sql/catalog'
import { createFactsOf, type FactsOf } from '#lib/sql/facts'
import { parse } from '#lib/sql/parse'
import type { Reading } from '#lib/sql/statement-facts'
import { namesOf, recordedVerdict } from '#proxy/adapters/policy-request'
import type { Verdict } from '#proxy/core/ports'

/** As with a snapshot of the target that has nothing special in it. */
const READING: Reading = { strings: 'standard', encoding: 'utf8', catalog: asInstalled('bench') }
const STATE: SessionState = { searchPath: ['public'], role: 'app', sessionRole: 'app' }
const HERE = { state: STATE, relations: READING.catalog }
const WARM_UP = 300

const SESSION: PolicySession = {
  principal: {
    id: 'pri_bench',
    kind: 'agent',
    name: 'bench',
    email: null,
    ownerId: null,
    groups: ['agents', 'team-7'],
  },
  onBehalfOf: { id: 'pri_owner', kind: 'person', name: 'o', email: 'o@example.com', ownerId: null, groups: [] },
  connection: { name: 'shop', protocol: 'postgres', tags: { env: 'prod' } },
  database: 'shop',
  targetUser: 'app',
  client: { address: '10.0.0.9', application: 'bench' },
  run: null,
}

/** Statements as applications send them. Each column makes others, with facts of their own. */
const STATEMENTS: readonly ((column: string) => string)[] = [
  (column) => `select id, name, ${column} from customers where region = 'north' order by name limit 20`,
  (column) => `insert into orders (customer, total, ${column}) values (7, 12.5, 'new') returning id`,
  (column) => `update orders set total = total + 1, ${column} = null where id = 9`,
  (column) =>
    `select c.name, sum(o.total) from customers c join orders o on o.customer = c.id where o.${column} = 'x' group by c.name`,
]

/** `scope` says whom or what a policy is about. */
function policies(count: number, scope: (index: number) => string): readonly PolicyDocument[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `rule-${index}`,
    text: `@reason("Rule ${index}.")
forbid (${scope(index)})
when {
  context has sql &&
  context.sql.writes.contains("private.t${index}") &&
  !(resource.hasTag("env") && resource.getTag("env") == "test")
};`,
  }))
}

const EVERYBODY = () => 'principal, action == Action::"execute", resource'
const ONE_TEAM = (index: number) => `principal in Group::"team-${index}", action == Action::"execute", resource`

const SETS: Record<string, readonly PolicyDocument[]> = {
  starter: STARTER_POLICIES,
  'starter and 100 about everybody': [...STARTER_POLICIES, ...policies(100, EVERYBODY)],
  'starter and 500 about everybody': [...STARTER_POLICIES, ...policies(500, EVERYBODY)],
  'starter and 500, each about one team': [...STARTER_POLICIES, ...policies(500, ONE_TEAM)],
}

/**
 * What a whole decision costs, in microseconds, from the text to the verdict: of a statement that was just seen, and of one that never
 * was. `processorTime`: of the whole process, a decision; whatever else the machine does, it is the same.
 */
export async function benchDecide(seconds: number, only: RegExp): Promise<unknown> {
  const factsOf = await createFactsOf(LIMITS)
  const sets = Object.entries(SETS).filter(([name]) => only.test(name))
  const each = (seconds * 1_000) / (2 * Math.max(sets.length, 1))
  return {
    unit: 'µs',
    goals: { repeated: 50, new: 1_000 },
    sets: sets.map(([name, documents]) => measure(name, documents, factsOf, each)),
  }
}

function measure(name: string, documents: readonly PolicyDocument[], factsOf: FactsOf, milliseconds: number): unknown {
  const before = performance.now()
  const set = new Policies({ version: 1, documents })
  const judge = set.judge(SESSION)
  const whole = wholeDecision(judge, factsOf)
  whole('select 1')
  const loadMilliseconds = Math.round(performance.now() - before)
  const apart = stagesApart(documents)
  let columns = 0
  const next = () => `${name.replaceAll(/\W/g, '_')}_${columns++}`
  const parts = { whole, factsOf, judge }
  const result = {
    name,
    loadMilliseconds,
    repeated: run({ ...parts, apart: null, milliseconds }, () => 'same'),
    new: run({ ...parts, apart, milliseconds }, next),
  }
  set.release()
  apart.release()
  return result
}

type Whole = (text: string) => Verdict

/** From a text to the verdict that is recorded, as a worker decides. */
function wholeDecision(judge: Judge, factsOf: FactsOf): Whole {
  const names = namesOf()
  const recorded = recordedVerdict()
  return (text) => recorded(judge(asked(factsOf(text, READING), names(HERE))), 1)
}

const asked = (facts: KnownFacts, names: NameSpace): PolicyOperation => ({
  ...{ type: 'query', facts, approvedBy: [], now: 0, names },
})

/** What a decision over a new statement consists of, once more and one by one. */
function stagesApart(documents: readonly PolicyDocument[]) {
  const entities = entitiesOf(SESSION)
  const statements = documents
    .flatMap((document) => parseDocument(document).statements)
    .filter(({ tree }) => canApply(tree, ...entities.entities))
  const uses = contextUses(statements.map(({ tree }) => tree))
  const prepared = new PreparedStatements(Object.fromEntries(statements.map(({ id, text }) => [id, text])))
  return {
    context: (operation: PolicyOperation) => contextOf(SESSION, operation, uses) ?? {},
    cedar: (context: Record<string, unknown>) => prepared.ask({ ...entities, context }),
    release: () => prepared.release(),
  }
}

interface Run {
  readonly whole: Whole
  readonly factsOf: FactsOf
  readonly judge: Judge
  readonly apart: ReturnType<typeof stagesApart> | null
  readonly milliseconds: number
}

/** Half of the time whole decisions, half of it their stages; what those do not explain is the rest. */
function run({ whole, factsOf, judge, apart, milliseconds }: Run, column: () => string): unknown {
  const names = namesOf()(HERE)
  const text = (round: number) => STATEMENTS[round % STATEMENTS.length]?.(column()) ?? ''
  const cpu = process.cpuUsage()
  const { total = [] } = repeat(milliseconds / 2, (round, note) => {
    const next = text(round)
    note('total', timed(() => whole(next))[1])
  })
  const { user, system } = process.cpuUsage(cpu)
  const stages = repeat(milliseconds / 2, (round, note) => {
    const next = text(round)
    const [, parsing] = apart === null ? [null, 0] : timed(() => parse(next))
    const [facts, reading] = timed(() => factsOf(next, READING))
    const operation = asked(facts, names)
    if (apart === null) {
      note('facts', reading)
      note('verdict', timed(() => judge(operation))[1])
      return
    }
    const [context, building] = timed(() => apart.context(operation))
    const [, cedar] = timed(() => apart.cedar(context))
    note('parse', parsing)
    note('facts', Math.max(0, reading - parsing))
    note('slice', building)
    note('cedar', cedar)
  })
  const all = percentiles(total)
  const processorTime = Math.round((10 * (user + system)) / (total.length + WARM_UP)) / 10
  return { decisions: total.length, ...all, processorTime, stages: shares(stages, all.p50) }
}

type Times = Record<string, number[]>

function repeat(milliseconds: number, round: (index: number, note: (stage: string, time: number) => void) => void) {
  const times: Times = {}
  const note = (stage: string, time: number) => {
    times[stage] ??= []
    times[stage].push(time)
  }
  for (let index = 0; index < WARM_UP; index++) round(index, () => undefined)
  const until = performance.now() + milliseconds
  for (let index = 0; performance.now() < until; index++) round(index, note)
  return times
}

function timed<Result>(work: () => Result): [result: Result, milliseconds: number] {
  const start = performance.now()
  const result = work()
  return [result, performance.now() - start]
}

/** Medians, and their share of the whole's: what interrupts one stage counts for none. */
function shares(stages: Times, whole: number): unknown {
  const found: [string, number][] = Object.entries(stages).map(([stage, all]) => [stage, percentiles(all).p50])
  const explained = found.reduce((sum, [, p50]) => sum + p50, 0)
  found.push(['rest', Math.max(0, Math.round(10 * (whole - explained)) / 10)])
  const all = Math.max(whole, explained)
  return Object.fromEntries(found.map(([stage, p50]) => [stage, { p50, share: Math.round((100 * p50) / all) / 100 }]))
}

/** Microseconds. */
function percentiles(milliseconds: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10_000) / 10
  return { p50: at(0.5), p99: at(0.99) }
}
