import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { requireContext } from '#lib/auth/context'
import { isId } from '#lib/domain/ids'
import type { SearchParams } from '../../../_components/address'
import { NotRecorded } from './_components/not-recorded'
import { Replay } from './_components/replay'
import { loadReplayParams } from './_components/replay-params'
import { openedAtFirst } from './_components/statement'
import { openedStatement, sessionView, statementWindow, timeline } from './load'
import { orNotFound } from './or-not-found'

interface SessionPageProps {
  params: Promise<{ id: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: SessionPageProps): Promise<Metadata> {
  return { title: `Session ${(await params).id}` }
}

export default async function SessionPage({ params, searchParams }: SessionPageProps) {
  const ctx = await requireContext()
  const { id } = await params
  if (!isId('session', id)) notFound()
  const { op, q, verdict } = await loadReplayParams(searchParams)
  const session = await orNotFound(() => sessionView(ctx, id))
  const now = ctx.clock.now()
  if (!session.mayReplay) return <NotRecorded session={session} now={now} />
  const [statements, overview] = await Promise.all([
    statementWindow(ctx, id, { q, verdict, ...(op === null ? {} : { around: op }) }),
    timeline(ctx, id),
  ])
  const first = op ?? openedAtFirst(statements)
  // One that cannot be read is asked for again by the page, which then says why.
  const opened = first === null ? null : await openedStatement(ctx, id, first).catch(() => null)
  return <Replay session={session} statements={statements} opened={opened} overview={overview} now={now} />
}
