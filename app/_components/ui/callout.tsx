import type { ReactNode } from 'react'
import { cn } from '../cn'
import { Icon, type IconName } from './icon'
import { type StateKind, stateClass } from './state'

const ICONS = {
  allowed: 'check',
  held: 'alert',
  denied: 'x',
  masked: 'masked',
  live: 'live',
  verified: 'verified',
  plain: 'info',
} as const satisfies Record<StateKind, IconName>

interface CalloutProps {
  kind: StateKind
  /** What happened, as a sentence. */
  title: string
  className?: string
  /** What did not happen because of it, and what to do next. */
  children?: ReactNode
}

/** Stands where the thing would have been. Announced when it appears. */
export function Callout({ kind, title, className, children }: CalloutProps) {
  return (
    <div
      role={kind === 'denied' ? 'alert' : 'status'}
      className={cn(
        'flex gap-2 rounded-2 border border-state-line bg-state-bg px-3 py-2 text-sm',
        stateClass(kind),
        className,
      )}
    >
      <Icon name={ICONS[kind]} className="mt-px text-state" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <b className="font-strong">{title}</b> {children}
      </div>
    </div>
  )
}
