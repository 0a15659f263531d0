import { TEST_STEPS, type TestStep, type TestStepName } from '#lib/domain/connection'
import { failureWord } from './diagnosis'

export const STEP_WORDS: Readonly<Record<TestStepName, string>> = {
  resolve: 'Resolve',
  connect: 'Connect',
  tls: 'TLS',
  authenticate: 'Authenticate',
  query: 'Query',
}

type TestState = 'queued' | 'running' | 'passed' | 'failed'

/** The outcome of a test for a list: which step failed, not merely that one did. */
export function outcomeWord(state: TestState, failed: TestStep | undefined): string {
  if (state === 'passed') return 'All steps pass'
  if (state === 'failed') return failed === undefined ? 'Test failed' : failureWord(failed)
  return 'Testing'
}

/** How long a test may be under way before nobody believes in it any more. A proxy gives up long before. */
const LOST_MS = 90_000

/** Asked for, but never finished: its proxy died, or there is none. `now` in milliseconds since 1970. */
export function isLost(test: { readonly state: TestState; readonly requestedAt: string }, now: number): boolean {
  return (test.state === 'queued' || test.state === 'running') && now - Date.parse(test.requestedAt) > LOST_MS
}

export function failedStep(steps: readonly TestStep[]): TestStep | undefined {
  return steps.find((step) => step.state === 'failed')
}

interface Tested {
  readonly state: 'active' | 'disabled'
  readonly lastTest: { readonly state: TestState; readonly current: boolean } | null
}

/** In use, but its last test failed. Not tested is not trouble. */
export function needsAttention({ state, lastTest }: Tested): boolean {
  return state === 'active' && lastTest?.state === 'failed' && lastTest.current
}

/** All five steps in order; those the worker has not written yet are waiting. */
export function allSteps(steps: readonly TestStep[]): readonly TestStep[] {
  return TEST_STEPS.map(
    (name) => steps.find((step) => step.name === name) ?? { name, state: 'waiting', detail: '', durationMs: null },
  )
}
