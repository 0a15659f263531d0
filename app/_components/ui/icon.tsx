import { cn } from '../cn'
import { ICONS, type IconName } from './icon-paths'

export type { IconName }

interface IconProps {
  name: IconName
  /** md 16 px, state 14 px (beside a state's word), sm 13 px (in buttons), xs 12 px (in chips). */
  size?: 'md' | 'state' | 'sm' | 'xs'
  className?: string
}

const SIZES = { md: '', state: 'icon-state', sm: 'icon-sm', xs: 'icon-xs' } as const

/** A drawing that goes with a word. It is hidden from assistive technology: the word says it. */
export function Icon({ name, size = 'md', className }: IconProps) {
  return (
    <svg className={cn('icon', SIZES[size], className)} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {ICONS[name]}
    </svg>
  )
}
