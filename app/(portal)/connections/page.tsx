import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { PROTOCOLS } from '#lib/domain/connection'
import { may } from '#lib/domain/permissions'
import type { ConnectionSummary } from '#lib/services/connections/connection-item'
import { listConnections } from '#lib/services/connections/list'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { Icon } from '#ui/icon'
import { PageHeader } from '#ui/section'
import { Split } from '#ui/side-panel'
import { address, param, type SearchParams } from '../../_components/address'
import { FilterChoice } from '../../_components/filter-choice'
import { FilterText } from '../../_components/filter-text'
import { ListEnd } from '../../_components/list-end'
import { Live } from '../../_components/live'
import { AddConnectionPanel } from './_components/add-connection-panel'
import { ConnectionPanel } from './_components/connection-panel'
import { ConnectionTable } from './_components/connection-table'
import { PROTOCOL_WORDS } from './_components/setting-words'
import { needsAttention } from './_components/test-words'

export const metadata: Metadata = { title: 'Connections' }

const PATH = '/connections'

export default async function ConnectionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const params = await searchParams
  const query = param(params, 'q')
  const cursor = param(params, 'after')
  const protocol = PROTOCOLS.find((name) => name === param(params, 'protocol'))
  const page = await listConnections({
    ctx,
    input: { limit: 100, ...(query && { query }), ...(protocol && { protocol }), ...(cursor && { cursor }) },
  })
  const href = (change: Record<string, string | null>) => address(PATH, params, change)
  const closeHref = href({ open: null, add: null, edit: null })
  const canWrite = may(ctx.actor, 'connections:write')
  const open = param(params, 'open')
  const editing = param(params, 'edit') !== undefined
  const adding = canWrite && param(params, 'add') !== undefined
  const panel = adding ? (
    <AddConnectionPanel key="add" ctx={ctx} closeHref={closeHref} />
  ) : open ? (
    <ConnectionPanel key={`${open} ${editing}`} ctx={ctx} name={open} closeHref={closeHref} editing={editing} />
  ) : undefined
  const filtered = query !== undefined || protocol !== undefined || cursor !== undefined
  return (
    <Split panel={panel}>
      <Live topic="connections" />
      <PageHeader
        title="Connections"
        count={page.items.length > 0 && !cursor && !page.nextCursor ? page.items.length : undefined}
      >
        <FilterText label="Filter by name, tag, address" />
        {PROTOCOLS.length > 1 ? (
          <FilterChoice
            name="protocol"
            label="Protocol"
            any="Any protocol"
            choices={PROTOCOLS.map((value) => ({ value, label: PROTOCOL_WORDS[value] }))}
          />
        ) : null}
        {canWrite ? (
          <Button asChild look="primary" className="max-phone:ml-auto">
            <Link href={href({ add: 'postgres', open: null, edit: null })} scroll={false}>
              <Icon name="plus" size="sm" />
              Add connection
            </Link>
          </Button>
        ) : null}
      </PageHeader>
      {page.items.length > 0 ? (
        <>
          <ConnectionTable
            items={page.items}
            now={ctx.clock.now()}
            open={open}
            narrow={panel !== undefined}
            hrefOf={(name) => href({ open: name, add: null, edit: null })}
          />
          <ListEnd
            olderHref={page.nextCursor === null ? null : href({ after: page.nextCursor })}
            firstHref={cursor === undefined ? null : href({ after: null })}
            words={{ older: 'More', first: 'From the start' }}
          >
            <span>
              {tally(page.items)}{' '}
              {may(ctx.actor, 'principals:read') ? (
                <a href="/connections/export" className="font-medium text-accent-text hover:underline" download>
                  Export as sallyport.yaml
                </a>
              ) : null}
            </span>
          </ListEnd>
        </>
      ) : (
        <NothingHere filtered={filtered} canWrite={canWrite} addHref={href({ add: 'postgres' })} />
      )}
    </Split>
  )
}

function tally(items: readonly ConnectionSummary[]): string {
  const trouble = items.filter(needsAttention).length
  const whole = items.length === 1 ? '1 connection' : `${items.length} connections`
  if (trouble === 0) return `${whole}.`
  return `${whole}, ${trouble} ${trouble === 1 ? 'needs' : 'need'} attention.`
}

function NothingHere({ filtered, canWrite, addHref }: { filtered: boolean; canWrite: boolean; addHref: string }) {
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
        No connection has this in its name, address or tags.
      </Empty>
    )
  return (
    <Empty
      title="No connections yet"
      className="m-5 max-phone:m-4"
      action={
        canWrite ? (
          <Button asChild>
            <Link href={addHref} scroll={false}>
              <Icon name="plus" size="sm" />
              Add the first connection
            </Link>
          </Button>
        ) : null
      }
    >
      {canWrite
        ? 'A connection is a target with its sealed credential and the groups that may use it. It is tested step by step as soon as it is added.'
        : 'None is open to your groups. Ask an admin to add one, or to open one to a group of yours.'}
    </Empty>
  )
}
