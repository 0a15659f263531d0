import type { ReactNode } from 'react'
import { cn } from '../cn'

interface EmptyProps {
  title: string
  /** One or two sentences: what would be here and what to do. */
  children: ReactNode
  /** Nothing yet: a primary button. Nothing matches: "Clear 2 filters". Not permitted: the way back. */
  action?: ReactNode
  className?: string
}

/**
 * Three kinds, told apart by their words: nothing yet (what to do first), nothing matches (which filters, clear them), not
 * permitted (who to ask).
 */
export function Empty({ title, children, action, className }: EmptyProps) {
  return (
    <section
      className={cn(
        'grid max-w-lg content-start justify-items-start gap-1 rounded-2 border border-line p-4',
        className,
      )}
    >
      <h2 className="font-strong">{title}</h2>
      <div className="text-fg-2">{children}</div>
      {action ? <div className="mt-2 flex flex-wrap gap-2">{action}</div> : null}
    </section>
  )
}
