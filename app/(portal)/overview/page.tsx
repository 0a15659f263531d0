import type { Metadata } from 'next'
import { Callout } from '#ui/callout'
import { PageHeader } from '#ui/section'

export const metadata: Metadata = { title: 'Overview' }

export default function OverviewPage() {
  return (
    <>
      <PageHeader title="Overview" />
      <Callout kind="live" title="Soon." className="mx-5" />
    </>
  )
}
