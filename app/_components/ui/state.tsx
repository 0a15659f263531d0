import type { ReactNode } from 'react'
import { cn } from '../cn'
import { Icon, type IconName } from './icon'

/** Six states and one that is none. A state is always icon, word and colour together. */
export type StateKind = 'allowed' | 'held' | 'denied' | 'masked' | 'live' | 'verified' | 'plain'

const CLASSES = {
  allowed: 'is-allowed',
  held: 'is-held',
  denied: 'is-denied',
  masked: 'is-masked',
  live: 'is-live',
  verified: 'is-verified',
  plain: 'is-plain',
} as const satisfies Record<StateKind, string>

const ICONS = {
  allowed: 'check',
  held: 'held',
  denied: 'denied',
  masked: 'masked',
  live: 'live',
  verified: 'verified',
  plain: 'clock',
} as const satisfies Record<StateKind, IconName>

export const stateClass = (kind: StateKind): string => CLASSES[kind]

/** The only thing on a page that moves by itself. */
export function LiveDot({ className }: { className?: string }) {
  return <span className={cn('live-dot', className)} aria-hidden="true" />
}

interface StateProps {
  kind: StateKind
  /** When the state's usual icon is not the right one. */
  icon?: IconName
  title?: string
  className?: string
  children: ReactNode
}

/** A state that stands alone or wants a decision. */
export function Chip({ kind, icon, title, className, children }: StateProps) {
  return (
    <span
      title={title}
      className={cn(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-1 border border-state-line bg-state-bg pr-1.5 pl-1 align-middle text-xs leading-none font-medium text-state',
        CLASSES[kind],
        className,
      )}
    >
      {kind === 'live' && !icon ? <LiveDot className="mx-px" /> : <Icon name={icon ?? ICONS[kind]} size="xs" />}
      {children}
    </span>
  )
}

/** A state that repeats down a column, or runs along in a line of text. */
export function State({ kind, icon, title, className, children }: StateProps) {
  return (
    <span
      title={title}
      className={cn(
        'inline-flex items-center gap-[0.3125rem] whitespace-nowrap align-middle text-sm text-state',
        kind === 'allowed' || kind === 'plain' ? '' : 'font-medium',
        CLASSES[kind],
        className,
      )}
    >
      {kind === 'live' && !icon ? (
        <LiveDot className="mx-[0.1875rem]" />
      ) : (
        <Icon name={icon ?? ICONS[kind]} size="state" />
      )}
      {children}
    </span>
  )
}

/** How many are live now. */
export function LiveCount({ count }: { count: number }) {
  return count === 0 ? <span className="text-fg-3">none</span> : <State kind="live">{count} live</State>
}
