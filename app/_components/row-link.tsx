import Link from 'next/link'
import type { ReactNode } from 'react'
import { cn } from './cn'

interface RowLinkProps {
  href: string
  /** Set on the row whose panel is open. */
  open: boolean
  className?: string
  children: ReactNode
}

/** The link in a row's first cell; the whole row answers to the pointer. The row needs `relative`. */
export function RowLink({ href, open, className, children }: RowLinkProps) {
  return (
    <Link
      href={href}
      scroll={false}
      aria-current={open ? 'true' : undefined}
      className={cn(
        'block min-w-0 truncate text-md font-medium after:absolute after:inset-0 focus-visible:shadow-none focus-visible:after:shadow-[inset_0_0_0_2px_var(--accent)]',
        className,
      )}
    >
      {children}
    </Link>
  )
}
