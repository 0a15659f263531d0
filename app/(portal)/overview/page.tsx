import type { Metadata } from 'next'
import { requireContext } from '#lib/auth/context'
import { readOverview } from '#lib/services/overview/read'
import { Checklist } from './_components/checklist'
import { Lanes } from './_components/lanes'
import { LiveNow } from './_components/live-now'
import { Refusals } from './_components/refusals'
import { Strip } from './_components/strip'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage() {
  const ctx = await requireContext()
  const overview = await readOverview({ ctx, input: {} })
  const now = ctx.clock.now()
  return (
    <div className="grid min-h-full grid-rows-[auto_1fr]">
      <h1 className="sr-only">Overview</h1>
      <Strip overview={overview} now={now} />
      <div className="grid grid-cols-[minmax(0,1fr)_22rem] max-desk:grid-cols-[minmax(0,1fr)]">
        <div className="min-w-0">
          <Lanes minutes={overview.lanes} />
          <LiveNow sessions={overview.live.newest} total={overview.live.sessions} now={now} />
        </div>
        <div className="border-l max-desk:border-t max-desk:border-l-0">
          <Checklist steps={overview.checklist} />
          <Refusals sessions={overview.refusals} now={now} />
        </div>
      </div>
    </div>
  )
}
