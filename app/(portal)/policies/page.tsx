import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listPolicies } from '#lib/services/policies/list'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { Icon } from '#ui/icon'
import { PageHeader } from '#ui/section'
import { param, type SearchParams } from '../../_components/address'
import { FilterText } from '../../_components/filter-text'
import { Live } from '../../_components/live'
import { NotForRole } from '../../_components/not-for-role'
import { PolicyTable } from './_components/policy-table'
import { PolicyTabs } from './_components/policy-tabs'

export const metadata: Metadata = { title: 'Policies' }

export default async function PoliciesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  if (!may(ctx.actor, 'policies:read'))
    return <NotForRole>Policies are read by everybody who has a role here. Ask an admin for one.</NotForRole>
  const query =
    param(await searchParams, 'q')
      ?.trim()
      .toLowerCase() ?? ''
  const { items, setVersion } = await listPolicies({ ctx, input: {} })
  const shown = items.filter(({ name, text }) => name.includes(query) || text.toLowerCase().includes(query))
  return (
    <>
      <Live topic="policies" />
      <PageHeader title="Policies" count={`version ${setVersion}`}>
        <FilterText label="Filter by name or text" />
        {may(ctx.actor, 'policies:write') ? (
          <Button asChild look="primary" className="max-phone:ml-auto">
            <Link href="/policies/new">
              <Icon name="plus" size="sm" />
              New policy
            </Link>
          </Button>
        ) : null}
      </PageHeader>
      <PolicyTabs current="documents" />
      {shown.length > 0 ? <PolicyTable items={shown} now={ctx.clock.now()} /> : <NoPolicies filtered={query !== ''} />}
      <p className="px-5 py-3 text-sm text-fg-3 max-phone:px-4">
        Everything that no policy permits is refused. A refusal beats a hold, a hold beats a permit. Changes are in
        force on every proxy within a second.
      </p>
    </>
  )
}

function NoPolicies({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty
        title="No policy matches"
        className="m-5 max-phone:m-4"
        action={
          <Button asChild>
            <Link href="/policies">Clear the filter</Link>
          </Button>
        }
      >
        Neither a name nor a text has these words.
      </Empty>
    )
  return (
    <Empty title="There is no policy: every statement is refused" className="m-5 max-phone:m-4">
      What is not permitted does not run. Start from a recipe under New policy.
    </Empty>
  )
}
