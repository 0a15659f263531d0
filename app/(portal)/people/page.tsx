import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listPrincipals } from '#lib/services/principals/list'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { Icon } from '#ui/icon'
import { PageHeader } from '#ui/section'
import { Split } from '#ui/side-panel'
import { address, param, type SearchParams } from '../../_components/address'
import { FilterTabs } from '../../_components/filter-tabs'
import { FilterText } from '../../_components/filter-text'
import { ListEnd } from '../../_components/list-end'
import { Live } from '../../_components/live'
import { AddAgentPanel } from './_components/add-agent-panel'
import { PrincipalPanel } from './_components/principal-panel'
import { PrincipalTable } from './_components/principal-table'

export const metadata: Metadata = { title: 'People and agents' }

const PATH = '/people'
const VIEWS = [
  ['Everyone', null],
  ['People', 'person'],
  ['Agents', 'agent'],
  ['Services', 'service'],
] as const

export default async function PeoplePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const params = await searchParams
  const view = VIEWS.find(([, kind]) => kind !== null && kind === param(params, 'kind'))?.[1] ?? undefined
  const query = param(params, 'q')
  const cursor = param(params, 'after')
  const open = param(params, 'open')
  const editing = param(params, 'edit') !== undefined
  const canWrite = may(ctx.actor, 'principals:write')
  const adding = canWrite && param(params, 'add') !== undefined
  const page = await listPrincipals({
    ctx,
    input: { limit: 100, ...(view && { kind: view }), ...(query && { query }), ...(cursor && { cursor }) },
  })
  const href = (change: Record<string, string | null>) => address(PATH, params, change)
  const closeHref = href({ open: null, add: null, edit: null })
  const panel = adding ? (
    <AddAgentPanel key="add" ctx={ctx} closeHref={closeHref} />
  ) : open ? (
    <PrincipalPanel key={`${open} ${editing}`} ctx={ctx} id={open} closeHref={closeHref} editing={editing} />
  ) : undefined
  return (
    <Split panel={panel}>
      <Live topic="principals" />
      <PageHeader title="People and agents">
        <FilterText label="Filter by name, e-mail, group" />
        {canWrite ? (
          <Button asChild look="primary" className="max-phone:ml-auto">
            <Link href={href({ add: 'agent', open: null, edit: null })} scroll={false}>
              <Icon name="plus" size="sm" />
              Add agent or service
            </Link>
          </Button>
        ) : null}
      </PageHeader>
      <FilterTabs
        label="Kind"
        tabs={VIEWS.map(([label, kind]) => ({
          label,
          href: href({ kind, after: null }),
          current: (view ?? null) === kind,
        }))}
      />
      {page.items.length > 0 ? (
        <PrincipalTable
          items={page.items}
          now={ctx.clock.now()}
          open={open}
          narrow={panel !== undefined}
          hrefOf={(id) => href({ open: id, add: null, edit: null })}
        />
      ) : (
        <NobodyHere
          filtered={query !== undefined || cursor !== undefined}
          view={view}
          canWrite={canWrite}
          href={href}
        />
      )}
      <ListEnd
        olderHref={page.nextCursor === null ? null : href({ after: page.nextCursor })}
        firstHref={cursor === undefined ? null : href({ after: null })}
      >
        {may(ctx.actor, 'principals:read') ? null : (
          <span>You see yourself and the agents you answer for. Admins and auditors see everyone.</span>
        )}
      </ListEnd>
    </Split>
  )
}

interface NobodyProps {
  filtered: boolean
  view: 'person' | 'agent' | 'service' | undefined
  canWrite: boolean
  href: (change: Record<string, string | null>) => string
}

function NobodyHere({ filtered, view, canWrite, href }: NobodyProps) {
  if (filtered)
    return (
      <Empty
        title="Nobody matches"
        className="m-5"
        action={
          <Button asChild>
            <Link href={href({ q: null, after: null, kind: null })}>Clear the filters</Link>
          </Button>
        }
      >
        No name, e-mail address or group fits.
      </Empty>
    )
  const service = view === 'service'
  return (
    <Empty
      title={service ? 'No services yet' : 'No agents yet'}
      className="m-5"
      action={
        canWrite ? (
          <Button asChild>
            <Link href={href({ add: service ? 'service' : 'agent' })} scroll={false}>
              {service ? 'Add a service' : 'Add an agent'}
            </Link>
          </Button>
        ) : null
      }
    >
      {service
        ? 'A service is a program without a model behind it, such as a CI job. It has its own tokens and a person who answers for it.'
        : 'An agent has its own tokens and groups, and a person who answers for what it does.'}
      {canWrite ? null : ' Ask an admin to add one.'}
    </Empty>
  )
}
