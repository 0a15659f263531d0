import { Fragment, type ReactNode } from 'react'
import { cn } from '../cn'

interface DefinitionListProps {
  /** Pairs of a label and what it is. Entries that are null or false are left out. */
  items: readonly (readonly [string, ReactNode] | null | false)[]
  className?: string
}

/** Labels at the left, values at the right: the facts of a panel. */
export function DefinitionList({ items, className }: DefinitionListProps) {
  return (
    <dl className={cn('grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm', className)}>
      {items.map((item) =>
        item ? (
          <Fragment key={item[0]}>
            <dt className="text-fg-3">{item[0]}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{item[1]}</dd>
          </Fragment>
        ) : null,
      )}
    </dl>
  )
}
