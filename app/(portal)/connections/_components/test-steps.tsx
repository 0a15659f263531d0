import type { TestStep } from '#lib/domain/connection'
import { Icon, type IconName } from '#ui/icon'
import { LiveDot, type StateKind, stateClass } from '#ui/state'
import { cn } from '../../../_components/cn'
import { duration } from '../../../_components/time'
import { failureWord } from './diagnosis'
import { allSteps, STEP_WORDS } from './test-words'

const LOOKS = {
  waiting: { kind: 'plain', icon: 'clock', words: 'not reached' },
  running: { kind: 'live', icon: 'live', words: 'running' },
  passed: { kind: 'allowed', icon: 'check', words: '' },
  failed: { kind: 'denied', icon: 'x', words: 'failed' },
  skipped: { kind: 'plain', icon: 'fwd', words: 'skipped' },
} as const satisfies Record<TestStep['state'], { kind: StateKind; icon: IconName; words: string }>

/** The five steps in order: how each went, what it found, how long it took. `going` says that the test still runs. */
export function TestSteps({ steps, going }: { steps: readonly TestStep[]; going?: true | undefined }) {
  return (
    <ol className="linked [--link-at:0.46875rem] [--link-from:1.5625rem] [--link-to:-0.4375rem]" aria-live="polite">
      {allSteps(steps).map((step) => (
        <Step key={step.name} step={step} words={going && step.state === 'waiting' ? 'waiting' : undefined} />
      ))}
    </ol>
  )
}

/** As it stands within a line. */
function inline(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}

function took(ms: number | null): string {
  if (ms === null) return ''
  return ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : duration(ms * 1_000)
}

function Step({ step, words }: { step: TestStep; words: string | undefined }) {
  const look = LOOKS[step.state]
  const reached = step.state !== 'waiting' && step.state !== 'skipped'
  return (
    <li
      className={cn(
        'grid min-h-8 grid-cols-[1.25rem_6.5rem_minmax(0,1fr)_auto] items-center gap-2 text-sm',
        stateClass(look.kind),
      )}
    >
      {step.state === 'running' ? <LiveDot className="mx-1" /> : <Icon name={look.icon} className="text-state" />}
      <span className={reached ? 'font-medium' : 'text-fg-3'}>{STEP_WORDS[step.name]}</span>
      <span
        title={step.detail}
        className={cn('truncate', step.state === 'failed' ? 'text-state' : reached ? 'text-fg-2' : 'text-fg-3')}
      >
        {step.state === 'failed' ? inline(failureWord(step)) : step.detail || words || look.words}
      </span>
      <span className="text-fg-3">{took(step.durationMs)}</span>
    </li>
  )
}
