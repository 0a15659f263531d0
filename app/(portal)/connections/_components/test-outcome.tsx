import type { TestItem } from '#lib/services/connections/connection-item'
import { State } from '#ui/state'
import { failedStep, isLost, outcomeWord } from './test-words'

/** The last test in one state: which step failed, not merely that one did. */
export function TestOutcome({ test, now }: { test: TestItem | null; now: number }) {
  if (test === null) return <State kind="plain">Not tested yet</State>
  const words = outcomeWord(test.state, failedStep(test.steps))
  if (isLost(test, now)) return <State kind="plain">Test not finished</State>
  if (test.state === 'queued' || test.state === 'running') return <State kind="live">{words}</State>
  if (!test.current)
    return (
      <State kind="plain" title={`${words}, before it was changed`}>
        Changed since its test
      </State>
    )
  return test.state === 'passed' ? (
    <State kind="allowed">{words}</State>
  ) : (
    <State kind="denied" icon="x">
      {words}
    </State>
  )
}
