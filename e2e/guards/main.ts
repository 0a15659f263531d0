// Takes every named guard out of a copy of the sources, one at a time, and shows that its test notices.
//   npm run guards -- [WORDS OF A NAME | sql | reviews | grants | store | postgres | gate | policy | facts]
import { fileURLToPath } from 'node:url'
import { FACTS_GUARDS } from './facts'
import { GATE_GUARDS } from './gate'
import { GRANT_GUARDS } from './grants'
import type { Guard, GuardTest } from './guard'
import { POLICY_GUARDS } from './policy'
import { POSTGRES_GUARDS } from './postgres'
import { REVIEW_GUARDS } from './reviews'
import { type Ended, runTests } from './run-tests'
import { Scratch } from './scratch'
import { SQL_GUARDS } from './sql'
import { STORE_GUARDS } from './store'
import { uncovered } from './threats'

/** One line a part of the product. */
const PARTS: Readonly<Record<string, readonly Guard[]>> = {
  gate: GATE_GUARDS,
  policy: POLICY_GUARDS,
  sql: SQL_GUARDS,
  postgres: POSTGRES_GUARDS,
  reviews: REVIEW_GUARDS,
  grants: GRANT_GUARDS,
  store: STORE_GUARDS,
  facts: FACTS_GUARDS,
}
const GUARDS = Object.values(PARTS).flat()

const only = process.argv.slice(2).join(' ')
const wanted = PARTS[only] ?? GUARDS.filter(({ name }) => name.includes(only))
const scratch = new Scratch(fileURLToPath(new URL('../..', import.meta.url)))
let failed = 0

/** How every test ends while all guards stand. */
async function withAll(guards: readonly Guard[]): Promise<Map<GuardTest, Ended>> {
  const ended = new Map<GuardTest, Ended>()
  for (const project of ['unit', 'store'] as const) {
    const tests = guards.map(({ test }) => test).filter((test) => test.project === project)
    if (tests.length === 0) continue
    const results = await runTests(scratch.folder, project, tests)
    for (const [index, test] of tests.entries()) ended.set(test, results[index] ?? 'missing')
  }
  return ended
}

/** What is wrong with it; null: its test notices. */
async function objection(guard: Guard, before: Ended): Promise<string | null> {
  const { test } = guard
  if (before !== 'passed') return `with it, the test ${before === 'failed' ? 'fails' : 'does not run'}`
  const restore = scratch.without(guard)
  try {
    const [without] = await runTests(scratch.folder, test.project, [test])
    if (without === 'failed') return null
    return `without it, the test ${without === 'passed' ? 'still passes' : 'does not run'}`
  } finally {
    restore()
  }
}

const cell = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)

try {
  const before = await withAll(wanted)
  console.log(`${cell('', 8)}${cell('guard', 74)}  test`)
  for (const guard of wanted) {
    const said = await objection(guard, before.get(guard.test) ?? 'missing').catch((error: unknown) => String(error))
    if (said !== null) failed += 1
    const { name, test } = guard
    console.log(`${cell(said === null ? 'shown' : 'FAILED', 8)}${cell(name, 74)}  ${test.file}: ${test.name}`)
    if (said !== null) console.log(`${cell('', 8)}${said}`)
  }
} finally {
  scratch.remove()
}
const open = only === '' ? uncovered(GUARDS) : []
for (const line of open) console.log(`FAILED  ${line}`)
console.log(`${wanted.length} guards: ${wanted.length - failed} noticed, ${failed} not`)
process.exit(failed === 0 && open.length === 0 && wanted.length > 0 ? 0 : 1)
