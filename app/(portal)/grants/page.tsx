import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listGrants } from '#lib/services/grants/list'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { PageHeader } from '#ui/section'
import { Split } from '#ui/side-panel'
import { address, param, type SearchParams } from '../../_components/address'
import { FilterTabs } from '../../_components/filter-tabs'
import { ListEnd } from '../../_components/list-end'
import { Live } from '../../_components/live'
import { GrantPanel } from './_components/grant-panel'
import { GrantTable } from './_components/grant-table'

export const metadata: Metadata = { title: 'Grants' }

const PATH = '/grants'

export default async function GrantsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const params = await searchParams
  const state = param(params, 'state') === 'ended' ? 'ended' : 'active'
  const cursor = param(params, 'after')
  const open = param(params, 'open')
  const principalId = param(params, 'principal')
  const href = (change: Record<string, string | null>) => address(PATH, params, change)
  const page = await listGrants({
    ctx,
    input: { limit: 100, state, ...(cursor && { cursor }), ...(principalId && { principalId }) },
  })
  const now = ctx.clock.now()
  const opened = page.items.find(({ id }) => id === open)
  return (
    <Split panel={opened ? <GrantPanel item={opened} now={now} closeHref={href({ open: null })} /> : undefined}>
      <Live topic="grants" />
      <PageHeader title="Grants">
        {principalId ? (
          <Button asChild>
            <Link href={href({ principal: null })}>Show everybody’s</Link>
          </Button>
        ) : null}
      </PageHeader>
      <FilterTabs
        label="State"
        tabs={[
          { label: 'In force', href: href({ state: null, after: null, open: null }), current: state === 'active' },
          { label: 'Ended', href: href({ state: 'ended', after: null, open: null }), current: state === 'ended' },
        ]}
      />
      {page.items.length > 0 ? (
        <GrantTable
          items={page.items}
          now={now}
          open={open}
          narrow={opened !== undefined}
          hrefs={Object.fromEntries(page.items.map(({ id }) => [id, href({ open: id })]))}
        />
      ) : (
        <NoGrants ended={state === 'ended'} />
      )}
      <ListEnd
        olderHref={page.nextCursor === null ? null : href({ after: page.nextCursor })}
        firstHref={cursor === undefined ? null : href({ after: null })}
      >
        {may(ctx.actor, 'reviews:read') ? null : <span>You see your own and those of agents you answer for.</span>}
      </ListEnd>
    </Split>
  )
}

function NoGrants({ ended }: { ended: boolean }) {
  return (
    <Empty
      title={ended ? 'No grant has ended yet' : 'No grant is in force'}
      className="m-5 max-phone:m-4"
      action={
        <Button asChild>
          <Link href="/inbox">Open the inbox</Link>
        </Button>
      }
    >
      {ended
        ? 'Grants that ran out or were revoked stand here.'
        : 'Approving a held command for a run or for a while makes one: the same statement with other constants then runs without asking again, until the grant ends.'}
    </Empty>
  )
}
