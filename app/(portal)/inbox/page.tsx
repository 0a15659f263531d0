import type { Metadata } from 'next'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import type { SearchParams } from '../../_components/address'
import { Inbox } from './_components/inbox'
import { loadInboxParams } from './_components/inbox-params'
import { NothingOpen } from './_components/nothing-open'
import { connectionNames, everHeld, openReview, reviewsPage } from './load'

export const metadata: Metadata = { title: 'Inbox' }

export default async function InboxPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const params = await loadInboxParams(searchParams)
  const [page, review, ever, connections] = await Promise.all([
    reviewsPage(ctx, params),
    params.open === null ? null : openReview(ctx, params.open),
    everHeld(ctx),
    params.tab === 'decided' ? connectionNames(ctx) : [],
  ])
  return (
    <Inbox
      key={`${params.tab} ${params.outcome} ${params.connection} ${params.q}`}
      params={params}
      page={page}
      review={review}
      ever={ever}
      mayDecide={may(ctx.actor, 'reviews:decide')}
      connections={connections}
      now={ctx.clock.now()}
    >
      <NothingOpen missing={params.open !== null} />
    </Inbox>
  )
}
