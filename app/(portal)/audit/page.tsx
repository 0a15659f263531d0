import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listAudit } from '#lib/services/audit/list'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { Icon } from '#ui/icon'
import { PageHeader } from '#ui/section'
import { Split } from '#ui/side-panel'
import { address, param, type SearchParams } from '../../_components/address'
import { FilterChoice } from '../../_components/filter-choice'
import { FilterText } from '../../_components/filter-text'
import { ListEnd } from '../../_components/list-end'
import { NotForRole } from '../../_components/not-for-role'
import { ENTITIES } from './_components/action-words'
import { AuditPanel } from './_components/audit-panel'
import { AuditTable } from './_components/audit-table'

export const metadata: Metadata = { title: 'Audit log' }

const PATH = '/audit'
const PERIODS = [
  { value: 'hour', label: 'Last hour', ms: 3_600_000 },
  { value: 'day', label: 'Last 24 hours', ms: 86_400_000 },
  { value: 'week', label: 'Last 7 days', ms: 604_800_000 },
] as const

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  if (!may(ctx.actor, 'audit:read'))
    return (
      <>
        <PageHeader title="Audit log" />
        <NotForRole>
          The audit log is read by admins and auditors. Ask one of them for what you need to know.
        </NotForRole>
      </>
    )
  const params = await searchParams
  const now = ctx.clock.now()
  const filters = readFilters(params, now)
  const page = await listAudit({ ctx, input: { limit: 100, ...filters } })
  const href = (change: Record<string, string | null>) => address(PATH, params, change)
  const open = param(params, 'open')
  const cursor = param(params, 'after')
  const closeHref = href({ open: null })
  const only = filters.actorId ? 'One actor only' : filters.targetId ? 'One target only' : null
  return (
    <Split panel={open ? <AuditPanel key={open} ctx={ctx} id={open} closeHref={closeHref} /> : undefined}>
      <PageHeader title="Audit log">
        {only ? (
          <Button asChild>
            <Link href={href({ actor: null, target: null, after: null })}>
              <Icon name="x" size="sm" />
              {only}
            </Link>
          </Button>
        ) : null}
        <FilterText label="Filter by name, action, id" />
        <FilterChoice name="about" label="About" any="About anything" choices={ENTITIES} />
        <FilterChoice name="period" label="Period" any="Any time" choices={PERIODS} />
      </PageHeader>
      {page.items.length > 0 ? (
        <AuditTable
          items={page.items}
          now={now}
          open={open}
          narrow={open !== undefined}
          hrefOf={(id) => href({ open: id })}
        />
      ) : (
        <NothingHere filtered={Object.keys(filters).length > 0} />
      )}
      <ListEnd
        olderHref={page.nextCursor === null ? null : href({ after: page.nextCursor })}
        firstHref={cursor === undefined ? null : href({ after: null })}
      >
        <span>Append-only: nobody, the portal included, can change or delete an entry.</span>
      </ListEnd>
    </Split>
  )
}

function readFilters(params: SearchParams, now: number) {
  const about = ENTITIES.find(({ value }) => value === param(params, 'about'))?.value
  const period = PERIODS.find(({ value }) => value === param(params, 'period'))
  const query = param(params, 'q')
  const actorId = param(params, 'actor')
  const targetId = param(params, 'target')
  const cursor = param(params, 'after')
  return {
    ...(about && { action: `${about}.*` }),
    ...(period && { from: new Date(now - period.ms).toISOString() }),
    ...(query && { query }),
    ...(actorId && { actorId }),
    ...(targetId && { targetId }),
    ...(cursor && { cursor }),
  }
}

function NothingHere({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty
        title="Nothing matches"
        className="m-5 max-phone:m-4"
        action={
          <Button asChild>
            <Link href={PATH}>Clear the filters</Link>
          </Button>
        }
      >
        Nobody did anything like this in this period.
      </Empty>
    )
  return (
    <Empty title="Nothing yet" className="m-5 max-phone:m-4">
      Whatever people and programs do in the portal, the API and the command line appears here: sign-ins, changes,
      tokens, and who viewed which recording.
    </Empty>
  )
}
