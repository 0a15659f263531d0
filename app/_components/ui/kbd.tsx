import type { ReactNode } from 'react'
import { cn } from '../cn'

/** One key. */
export function Kbd({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <kbd
      className={cn(
        'inline-grid h-[1.125rem] min-w-[1.125rem] place-items-center rounded-1 border border-line-2 bg-raised px-1 font-sans text-xs leading-none font-medium text-fg-2',
        className,
      )}
    >
      {children}
    </kbd>
  )
}
