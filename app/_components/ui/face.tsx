import { cn } from '../cn'
import { Icon, type IconName } from './icon'

const ICONS: Readonly<Record<string, IconName>> = { person: 'person', agent: 'agent', service: 'service' }

/** The icon of a principal's kind: person, agent or service. */
export const principalIcon = (kind: string): IconName => ICONS[kind] ?? 'person'

/** Who or what takes part, in a frame: round for persons, square for the rest. */
export function Face({ icon, round }: { icon: IconName; round?: boolean }) {
  return (
    <span
      className={cn(
        'inline-grid size-[1.375rem] shrink-0 place-items-center rounded-2 border border-line-2 bg-raised text-fg-2',
        round && 'rounded-full',
      )}
    >
      <Icon name={icon} size="state" />
    </span>
  )
}

/** An icon and a name on one line, cut where there is no room. */
export function Pair({ icon, children, strong }: { icon: IconName; children: string; strong?: true }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
      <Icon name={icon} size="state" className="text-fg-3" />
      <span className={cn('truncate', strong && 'font-medium')}>{children}</span>
    </span>
  )
}
