import type { Metadata } from 'next'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listPolicyVersions } from '#lib/services/policies/list-versions'
import { PageHeader } from '#ui/section'
import { address, param, type SearchParams } from '../../../_components/address'
import { ListEnd } from '../../../_components/list-end'
import { Live } from '../../../_components/live'
import { NotForRole } from '../../../_components/not-for-role'
import { ChangeList } from '../_components/change-list'
import { PolicyTabs } from '../_components/policy-tabs'

export const metadata: Metadata = { title: 'Changes of policies' }

export default async function ChangesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  if (!may(ctx.actor, 'policies:read'))
    return <NotForRole>Policies are read by everybody who has a role here. Ask an admin for one.</NotForRole>
  const params = await searchParams
  const cursor = param(params, 'after')
  const page = await listPolicyVersions({ ctx, input: { limit: 50, ...(cursor && { cursor }) } })
  const changes = page.items.flatMap((version) => version.changes.map((change) => ({ ...change, version })))
  return (
    <>
      <Live topic="policies" />
      <PageHeader title="Policies" />
      <PolicyTabs current="changes" />
      <ChangeList changes={changes} now={ctx.clock.now()} />
      <ListEnd
        olderHref={page.nextCursor === null ? null : address('/policies/changes', params, { after: page.nextCursor })}
        firstHref={cursor === undefined ? null : '/policies/changes'}
      >
        <span>Every set that was ever in force is kept.</span>
      </ListEnd>
    </>
  )
}
