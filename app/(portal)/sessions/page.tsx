import type { Metadata } from 'next'
import { requireContext } from '#lib/auth/context'
import { PageHeader } from '#ui/section'
import type { SearchParams } from '../../_components/address'
import { NoSessions } from './_components/no-sessions'
import { countFilters, loadSessionParams } from './_components/session-filter'
import { SessionFilters } from './_components/session-filters'
import { SessionsTable } from './_components/sessions-table'
import { connectionNames, sessionsPage } from './load'

export const metadata: Metadata = { title: 'Sessions' }

export default async function SessionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const filter = await loadSessionParams(searchParams)
  const query = JSON.stringify(filter)
  const [first, connections] = await Promise.all([sessionsPage(ctx, filter, null), connectionNames(ctx)])
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader title="Sessions">
        <SessionFilters connections={connections} />
      </PageHeader>
      {first.rows.length === 0 ? (
        <NoSessions filters={countFilters(filter)} live={filter.state === 'live'} />
      ) : (
        <SessionsTable key={query} first={first} query={query} now={ctx.clock.now()} />
      )}
    </div>
  )
}
