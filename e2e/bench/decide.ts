import { LIMITS } from '#lib/domain/limits'
import type { PolicyDocument } from '#lib/domain/policy'
import { type Judge, Policies } from '#lib/policy/policies'
import { type PolicySession, USUAL_NAMES } from '#lib/policy/request'
import { STARTER_POLICIES } from '#lib/policy/starter'
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

/** `share` of the policies is about other connections; the rest must be evaluated. */
function policies(count: number, share: number): readonly PolicyDocument[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `rule-${index}`,
    text: `@reason("Rule ${index}.")
forbid (principal in Group::"team-${index}", action == Action::"execute", resource${
      index < count * share ? ` == Connection::"other-${index}"` : ''
    })
when {
  context has sql &&
  context.sql.writes.contains("private.t${index}") &&
  !(resource.hasTag("env") && resource.getTag("env") == "test")
};`,
  }))
}

const SETS: Record<string, readonly PolicyDocument[]> = {
  starter: STARTER_POLICIES,
  'starter and 100': [...STARTER_POLICIES, ...policies(100, 0)],
  'starter and 500': [...STARTER_POLICIES, ...policies(500, 0)],
  'starter and 500, nine in ten of other connections': [...STARTER_POLICIES, ...policies(500, 0.9)],
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
  const loadMilliseconds = Math.round(performance.now() - before)
  let columns = 0
  const fresh = run(judge, factsOf, milliseconds, () => `${name.replaceAll(/\W/g, '_')}_${columns++}`)
  const repeated = run(judge, factsOf, milliseconds, () => 'same')
  set.release()
  return { name, loadMilliseconds, repeated, new: fresh }
}

function run(judge: Judge, factsOf: FactsOf, milliseconds: number, column: () => string): unknown {
  const stages: Record<'facts' | 'policy', number[]> = { facts: [], policy: [] }
  let until = Number.POSITIVE_INFINITY
  for (let round = 0; round < WARM_UP || performance.now() < until; round++) {
    if (round === WARM_UP) until = performance.now() + milliseconds
    const text = STATEMENTS[round % STATEMENTS.length]?.(column()) ?? ''
    const start = performance.now()
    const known = factsOf(text, READING)
    const middle = performance.now()
    judge({ type: 'query', facts: known, approvedBy: [], now: 0, names: USUAL_NAMES })
    const end = performance.now()
    if (round < WARM_UP) continue
    stages.facts.push(middle - start)
    stages.policy.push(end - middle)
  }
  const total = stages.facts.map((facts, index) => facts + (stages.policy[index] ?? 0))
  return {
    decisions: total.length,
    total: figures(total),
    facts: figures(stages.facts),
    policy: figures(stages.policy),
  }
}

function figures(milliseconds: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10_000) / 10
  return { p50: at(0.5), p99: at(0.99) }
}
