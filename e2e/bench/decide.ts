import { LIMITS } from '#lib/domain/limits'
import type { PolicyDocument } from '#lib/domain/policy'
import type { KnownFacts } from '#lib/domain/sql-facts'
import { PreparedStatements } from '#lib/policy/cedar'
import { contextOf, entitiesOf } from '#lib/policy/context'
import { nameSpace } from '#lib/policy/name-space'
import { parseDocument } from '#lib/policy/parse'
import { type Judge, Policies } from '#lib/policy/policies'
import type { PolicyOperation, PolicySession } from '#lib/policy/request'
import { canApply } from '#lib/policy/scope'
import { STARTER_POLICIES } from '#lib/policy/starter'
import { contextUses } from '#lib/policy/uses'
import { createFactsOf, type FactsOf } from '#lib/sql/facts'
import type { Reading } from '#lib/sql/statement-facts'

const READING: Reading = { strings: 'standard', encoding: 'utf8', catalog: null }
const WARM_UP = 100

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

/** What a decision costs, in microseconds: of a statement that was just seen, and of one that never was. */
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
  judge(operation(factsOf('select 1', READING)))
  const loadMilliseconds = Math.round(performance.now() - before)
  const apart = stagesApart(documents)
  let columns = 0
  const fresh = run({ judge, factsOf, apart, milliseconds }, () => `${name.replaceAll(/\W/g, '_')}_${columns++}`)
  const repeated = run({ judge, factsOf, apart: null, milliseconds }, () => 'same')
  set.release()
  apart.release()
  return { name, loadMilliseconds, repeated, new: fresh }
}

/** As with a catalog that says that no name in it is special: then nothing here is held. */
const operation = ({ facts, key }: KnownFacts): PolicyOperation => ({
  type: 'query',
  facts: { key, facts: { ...facts, standing: 'clear' } },
  approvedBy: [],
  now: 0,
  names: nameSpace(['public'], null),
})

/** What `judge` does to a new statement, once more and one by one. */
function stagesApart(documents: readonly PolicyDocument[]) {
  const entities = entitiesOf(SESSION)
  const statements = documents
    .flatMap((document) => parseDocument(document).statements)
    .filter(({ tree }) => canApply(tree, ...entities.entities))
  const uses = contextUses(statements.map(({ tree }) => tree))
  const prepared = new PreparedStatements(Object.fromEntries(statements.map(({ id, text }) => [id, text])))
  return {
    context: (asked: PolicyOperation) => contextOf(SESSION, asked, uses) ?? {},
    cedar: (context: Record<string, unknown>) => prepared.ask({ ...entities, context }),
    release: () => prepared.release(),
  }
}

interface Run {
  readonly judge: Judge
  readonly factsOf: FactsOf
  readonly apart: ReturnType<typeof stagesApart> | null
  readonly milliseconds: number
}

function run({ judge, factsOf, apart, milliseconds }: Run, column: () => string): unknown {
  const times: Record<string, number[]> = {}
  const note = (stage: string, time: number) => {
    times[stage] ??= []
    times[stage].push(time)
  }
  let until = Number.POSITIVE_INFINITY
  for (let round = 0; round < WARM_UP || performance.now() < until; round++) {
    if (round === WARM_UP) {
      until = performance.now() + milliseconds
      for (const stage of Object.keys(times)) times[stage] = []
    }
    const text = STATEMENTS[round % STATEMENTS.length]?.(column()) ?? ''
    const [known, facts] = timed(() => factsOf(text, READING))
    const asked = operation(known)
    const [, policy] = timed(() => judge(asked))
    note('total', facts + policy)
    note('facts', facts)
    if (apart === null) {
      note('cache', policy)
      continue
    }
    const [context, building] = timed(() => apart.context(asked))
    const [, cedar] = timed(() => apart.cedar(context))
    note('context', building)
    note('cedar', cedar)
    note('cache', Math.max(0, policy - building - cedar))
  }
  return figures(times)
}

function timed<Result>(work: () => Result): [result: Result, milliseconds: number] {
  const start = performance.now()
  const result = work()
  return [result, performance.now() - start]
}

/** Microseconds; `share`: of all the time together. */
function figures({ total = [], ...stages }: Record<string, number[]>): unknown {
  const sum = (all: readonly number[]) => all.reduce((before, one) => before + one, 0)
  const whole = sum(Object.values(stages).flat())
  const withShares = Object.entries(stages).map(([stage, all]) => [
    stage,
    { ...percentiles(all), share: Math.round((100 * sum(all)) / whole) / 100 },
  ])
  return { decisions: total.length, ...percentiles(total), stages: Object.fromEntries(withShares) }
}

function percentiles(milliseconds: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10_000) / 10
  return { p50: at(0.5), p99: at(0.99) }
}
