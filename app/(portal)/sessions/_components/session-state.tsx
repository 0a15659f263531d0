import type { EndReason } from '#lib/domain/event'
import { Chip, State } from '#ui/state'
import { endWords } from './session-end'

interface SessionStateProps {
  live: boolean
  reason: EndReason | null
  /** A chip where it stands alone, words where it repeats down a column. */
  as: 'chip' | 'words'
  title?: string | undefined
}

/** Live, or how it ended. */
export function SessionState({ live, reason, as, title }: SessionStateProps) {
  const Shape = as === 'chip' ? Chip : State
  if (live) return <Shape kind="live">Live</Shape>
  const { kind, icon, word } = endWords(reason)
  return (
    <Shape kind={kind} icon={icon} {...(title ? { title } : {})}>
      {word}
    </Shape>
  )
}
