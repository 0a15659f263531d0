'use client'
import Link from 'next/link'
import { FilterChoice } from '../../../_components/filter-choice'
import { FilterText } from '../../../_components/filter-text'
import { HeldCount } from '../../../_components/reviews/held-count'
import type { InboxParams, Tab } from './inbox-params'
import { NoticeSwitch } from './notice-switch'

interface InboxHeadProps {
  params: InboxParams
  waiting: number
  connections: readonly string[]
  tabHref: (tab: Tab) => string
}

const TABS = [
  ['open', 'Open'],
  ['mine', 'Requested by me'],
  ['decided', 'Decided'],
] as const satisfies readonly (readonly [Tab, string])[]
const OUTCOMES = [
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'expired', label: 'Expired' },
  { value: 'cancelled', label: 'Withdrawn' },
]

/** Views of the inbox as addresses, and the filters of the decided ones. */
export function InboxHead({ params, waiting, connections, tabHref }: InboxHeadProps) {
  return (
    <div>
      <div className="flex items-center border-b pr-2 pl-4">
        <nav aria-label="Views" className="flex gap-4 overflow-x-auto">
          {TABS.map(([tab, label]) => (
            <Link
              key={tab}
              href={tabHref(tab)}
              aria-current={tab === params.tab ? 'page' : undefined}
              className="focus-inset -mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent font-medium text-fg-2 hover:text-fg aria-[current]:border-accent aria-[current]:text-fg max-phone:h-11"
            >
              {label}
              {tab === 'open' && waiting > 0 ? <HeldCount count={waiting} /> : null}
            </Link>
          ))}
        </nav>
        <span className="ml-auto">
          <NoticeSwitch />
        </span>
      </div>
      {params.tab === 'decided' ? (
        <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2 [&>search]:w-full">
          <FilterText label="Filter by name" />
          <FilterChoice name="outcome" label="Outcome" any="Any outcome" choices={OUTCOMES} />
          <FilterChoice
            name="connection"
            label="Connection"
            any="Any connection"
            choices={connections.map((name) => ({ value: name, label: name }))}
          />
        </div>
      ) : null}
    </div>
  )
}
