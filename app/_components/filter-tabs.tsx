import Link from 'next/link'

export interface FilterTab {
  readonly href: string
  readonly label: string
  readonly current: boolean
}

/** Views of one list, as addresses: shareable, and back works. */
export function FilterTabs({ label, tabs }: { label: string; tabs: readonly FilterTab[] }) {
  return (
    <nav aria-label={label} className="flex gap-4 overflow-x-auto border-b px-5 max-phone:px-4">
      {tabs.map((tab) => (
        <Link
          key={tab.label}
          href={tab.href}
          aria-current={tab.current ? 'page' : undefined}
          className="focus-inset -mb-px inline-flex h-9 shrink-0 items-center border-b-2 border-transparent font-medium text-fg-2 hover:text-fg aria-[current]:border-accent aria-[current]:text-fg max-phone:h-11"
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
