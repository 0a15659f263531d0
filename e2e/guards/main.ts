// Takes every named guard out of a copy of the sources, one at a time, and shows that its test notices.
import { fileURLToPath } from 'node:url'
import { GATE_GUARDS } from './gate'
import type { Guard } from './guard'
import { POLICY_GUARDS } from './policy'
import { runTest } from './run-test'
import { Scratch } from './scratch'

/** One line a part of the product. */
const GUARDS: readonly Guard[] = [...GATE_GUARDS, ...POLICY_GUARDS]

const only = process.argv.slice(2).join(' ')
const wanted = GUARDS.filter(({ name }) => name.includes(only))
const scratch = new Scratch(fileURLToPath(new URL('../..', import.meta.url)))
let failed = 0

/** Its test passes with the guard and fails without it; null: shown. */
async function objection(guard: Guard): Promise<string | null> {
  const { test } = guard
  const restore = scratch.without(guard)
  try {
    const without = await runTest(scratch.folder, test)
    if (without !== 'failed')
      return `without it, "${test.name}" ${without === 'passed' ? 'still passes' : 'does not run'}`
  } finally {
    restore()
  }
  const withIt = await runTest(scratch.folder, test)
  return withIt === 'passed' ? null : `with it, "${test.name}" ${withIt === 'failed' ? 'fails' : 'does not run'}`
}

try {
  for (const guard of wanted) {
    const said = await objection(guard).catch((error: unknown) => String(error))
    if (said !== null) failed += 1
    console.log(said === null ? `shown   ${guard.name}` : `FAILED  ${guard.name}: ${said}`)
  }
} finally {
  scratch.remove()
}
console.log(`${wanted.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 && wanted.length > 0 ? 0 : 1)
