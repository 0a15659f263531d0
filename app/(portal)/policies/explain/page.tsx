import type { Metadata } from 'next'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { PageHeader } from '#ui/section'
import { param, type SearchParams } from '../../../_components/address'
import { NotForRole } from '../../../_components/not-for-role'
import { ExplainView } from '../_components/explain-view'
import { PolicyTabs } from '../_components/policy-tabs'
import { explainChoices } from '../load'

export const metadata: Metadata = { title: 'Explain a decision' }

export default async function ExplainPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  if (!may(ctx.actor, 'policies:read'))
    return <NotForRole>Policies are read by everybody who has a role here. Ask an admin for one.</NotForRole>
  const params = await searchParams
  return (
    <>
      <PageHeader title="Policies" />
      <PolicyTabs current="explain" />
      <ExplainView
        choices={await explainChoices(ctx)}
        initial={{ principalId: param(params, 'principal'), connection: param(params, 'connection') }}
      />
    </>
  )
}
