import Link from 'next/link'
import type { StepItem } from '#lib/services/overview/checklist'
import { Icon } from '#ui/icon'
import { Section } from '#ui/section'

interface StepWords {
  readonly text: string
  readonly href: string
  readonly go: string
}

const WORDS: Readonly<Record<StepItem['step'], StepWords>> = {
  connection: { text: 'Connect a database', href: '/connections?add=1', go: 'Add one' },
  test: { text: 'Test it, step by step', href: '/connections', go: 'Open it' },
  agent: { text: 'Add an agent', href: '/people?add=1', go: 'Add one' },
  token: { text: 'Create an access token', href: '/tokens?mint=me', go: 'Create' },
  session: { text: 'Run a query through the gateway', href: '/connections', go: 'Get the snippet' },
  approval: { text: 'Approve a command that was held', href: '/inbox', go: 'Open the inbox' },
  replay: { text: 'Replay what was run', href: '/sessions', go: 'Sessions' },
}

const BAR = 100

/** From nothing to the first approval and the first replay. Each step ticks itself off; the list goes once all are done. */
export function Checklist({ steps }: { steps: readonly StepItem[] }) {
  const done = steps.filter((step) => step.done).length
  if (done === steps.length) return null
  const next = steps.find((step) => !step.done)
  return (
    <Section title="First hour" end={`${done} of ${steps.length}`}>
      <svg
        viewBox={`0 0 ${BAR} 4`}
        preserveAspectRatio="none"
        className="mt-0.5 mb-2 block h-1 w-full rounded-full"
        role="img"
        aria-label={`${done} of ${steps.length} steps done`}
      >
        <rect className="fill-line" width={BAR} height="4" />
        <rect className="fill-accent" width={(done / steps.length) * BAR} height="4" />
      </svg>
      <ol>
        {steps.map((step) => (
          <Step key={step.step} step={step} next={step === next} />
        ))}
      </ol>
    </Section>
  )
}

function Step({ step, next }: { step: StepItem; next: boolean }) {
  const { text, href, go } = WORDS[step.step]
  return (
    <li className="flex min-h-[1.875rem] items-center gap-2.5">
      {step.done ? (
        <span className="is-allowed grid size-4 shrink-0 place-items-center rounded-full border-[1.5px] border-state-mark bg-state-bg text-state">
          <Icon name="check" size="xs" className="size-2.5 stroke-[2.5]" />
        </span>
      ) : (
        <span className="size-4 shrink-0 rounded-full border-[1.5px] border-line-control" />
      )}
      <span className={step.done ? 'text-fg-3' : next ? 'font-medium' : ''}>
        {text}
        <span className="sr-only">{step.done ? ', done' : ', to do'}</span>
      </span>
      {next ? (
        <Link className="ml-auto whitespace-nowrap font-medium text-accent-text hover:underline" href={href}>
          {go}
        </Link>
      ) : null}
    </li>
  )
}
