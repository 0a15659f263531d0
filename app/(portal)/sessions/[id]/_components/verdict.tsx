import type { OperationStatus } from '#lib/domain/event'
import type { IconName } from '#ui/icon'
import { Chip, State, type StateKind } from '#ui/state'

export type StatementStatus = OperationStatus | 'running' | 'held'

interface Words {
  readonly kind: StateKind
  readonly icon?: IconName
  readonly word: string
  /** One sentence for the detail. */
  readonly means: string
}

const WORDS: Readonly<Record<StatementStatus, Words>> = {
  ok: { kind: 'allowed', word: 'Allowed', means: 'Sent to the target, which answered.' },
  error: { kind: 'denied', icon: 'x', word: 'Failed', means: 'Sent to the target, which answered with an error.' },
  refused: { kind: 'denied', word: 'Denied', means: 'Never sent: the gateway refused it.' },
  unknown: {
    kind: 'held',
    icon: 'alert',
    word: 'Unknown',
    means: 'Sent, or about to be, when the gateway lost sight of it. It is never sent again by itself.',
  },
  held: { kind: 'held', word: 'Held', means: 'Recorded and not sent: it waits for approval.' },
  running: { kind: 'live', word: 'Running', means: 'Recorded and sent; the target has not finished.' },
  cancelled: { kind: 'plain', icon: 'x', word: 'Cancelled', means: 'Cancelled by the client while it ran.' },
  skipped: {
    kind: 'plain',
    icon: 'fwd',
    word: 'Skipped',
    means: 'Not run: an earlier error in the same batch came first.',
  },
  suspended: {
    kind: 'plain',
    icon: 'held',
    word: 'Paused',
    means: 'The client asked for a number of rows and got them; the rest stayed with the target.',
  },
}

/** The verdict of one statement: quiet words for the hum, a chip for the rare thing. */
export function Verdict({ status }: { status: StatementStatus }) {
  const { kind, icon, word, means } = WORDS[status]
  const Shape = kind === 'allowed' || kind === 'plain' || kind === 'live' ? State : Chip
  return (
    <Shape kind={kind} title={means} {...(icon ? { icon } : {})}>
      {word}
    </Shape>
  )
}

export const verdictMeans = (status: StatementStatus): string => WORDS[status].means
export const verdictKind = (status: StatementStatus): StateKind => WORDS[status].kind
