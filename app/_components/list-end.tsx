import Link from 'next/link'
import type { ReactNode } from 'react'

interface ListEndProps {
  /** What is shown: "12 connections, 2 need attention." */
  children?: ReactNode
  /** Address of the next page; null on the last one. */
  olderHref: string | null
  /** Address of the first page, where this is not it. */
  firstHref?: string | null
  /** For lists that are not by age. */
  words?: { readonly older: string; readonly first: string }
}

const BY_AGE = { older: 'Older', first: 'Newest' } as const

/** Under the last row: how much this was, and where the rest is. */
export function ListEnd({ children, olderHref, firstHref, words = BY_AGE }: ListEndProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 text-sm text-fg-3 max-phone:px-4">
      {children}
      {firstHref ? (
        <Link href={firstHref} className="font-medium text-accent-text hover:underline">
          {words.first}
        </Link>
      ) : null}
      {olderHref ? (
        <Link href={olderHref} className="font-medium text-accent-text hover:underline">
          {words.older}
        </Link>
      ) : null}
    </div>
  )
}
