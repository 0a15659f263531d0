import { cn } from '../cn'
import { type StateKind, stateClass } from './state'

interface ArchProps {
  kind: StateKind
  /** Closed: a barred arch. Open: one that was passed. */
  barred?: boolean
  className?: string
}

/** One of the two gates. It goes with words that say the same. */
export function Arch({ kind, barred = false, className }: ArchProps) {
  return (
    <svg className={cn('arch', stateClass(kind), className)} viewBox="0 0 22 26" aria-hidden="true">
      <path className="leaf" d="M3 24V11a8 8 0 0 1 16 0v13z" />
      <path d="M3 24V11a8 8 0 0 1 16 0v13M1 24h20" />
      {barred ? <path className="bars" d="M8.3 6v18M13.7 6v18M3 13h16M3 18.5h16" /> : null}
    </svg>
  )
}
