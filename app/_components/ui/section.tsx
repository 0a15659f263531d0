import type { ReactNode } from 'react'
import { cn } from '../cn'

interface SectionProps {
  title: ReactNode
  /** At the right of the title: a count, a note or a link. */
  end?: ReactNode
  /** The content reaches the edges, as tables do. */
  flush?: true
  className?: string
  children: ReactNode
}

/** A part of a page or panel. Parts are divided by hairlines, not boxed. */
export function Section({ title, end, flush, className, children }: SectionProps) {
  return (
    <section
      className={cn('px-5 py-4 not-first:border-t max-phone:px-4', flush && 'px-0 pb-0 max-phone:px-0', className)}
    >
      <div className={cn('mb-2 flex min-h-5 items-center gap-2', flush && 'px-5 max-phone:px-4')}>
        <h2 className="text-sm font-strong">{title}</h2>
        {end ? <div className="ml-auto flex items-center gap-2 text-sm text-fg-3">{end}</div> : null}
      </div>
      {children}
    </section>
  )
}

/** Title of a page with its count and its controls. */
export function PageHeader({ title, count, children }: { title: string; count?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-2 px-5 py-3 max-phone:px-4">
      <h1 className="text-xl leading-[1.3] font-strong tracking-[-0.012em]">{title}</h1>
      {count === undefined ? null : <span className="text-fg-3">{count}</span>}
      <div className="ml-auto flex flex-wrap items-center gap-2 max-phone:contents">{children}</div>
    </div>
  )
}
