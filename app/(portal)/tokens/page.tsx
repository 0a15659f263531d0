import type { Metadata } from 'next'
import Link from 'next/link'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { listTokens } from '#lib/services/tokens/list'
import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { Icon } from '#ui/icon'
import { PageHeader } from '#ui/section'
import { Split } from '#ui/side-panel'
import { address, param, type SearchParams } from '../../_components/address'
import { FilterTabs } from '../../_components/filter-tabs'
import { ListEnd } from '../../_components/list-end'
import { Live } from '../../_components/live'
import { MintPanel } from './_components/mint-panel'
import { TokenPanel } from './_components/token-panel'
import { TokenTable } from './_components/token-table'

export const metadata: Metadata = { title: 'Access tokens' }

const PATH = '/tokens'
const VIEWS = [
  ['All', null],
  ['Active', 'active'],
  ['Expired', 'expired'],
  ['Revoked', 'revoked'],
] as const

export default async function TokensPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireContext()
  const params = await searchParams
  const state = VIEWS.find(([, value]) => value !== null && value === param(params, 'state'))?.[1]
  const principalId = param(params, 'principal')
  const cursor = param(params, 'after')
  const open = param(params, 'open')
  const mint = param(params, 'mint')
  const page = await listTokens({
    ctx,
    input: { limit: 100, ...(state && { state }), ...(principalId && { principalId }), ...(cursor && { cursor }) },
  })
  const href = (change: Record<string, string | null>) => address(PATH, params, change)
  const closeHref = href({ open: null, mint: null })
  const mintHref = href({ mint: 'me', open: null })
  const panel = mint ? (
    <MintPanel key={`mint ${mint}`} ctx={ctx} holderId={mint} closeHref={closeHref} />
  ) : open ? (
    <TokenPanel key={open} ctx={ctx} id={open} closeHref={closeHref} />
  ) : undefined
  return (
    <Split panel={panel}>
      <Live topic="tokens" />
      <PageHeader title="Access tokens">
        {principalId ? (
          <Button asChild>
            <Link href={href({ principal: null, after: null })}>
              <Icon name="x" size="sm" />
              Of one holder only
            </Link>
          </Button>
        ) : null}
        <Button asChild look="primary" className="max-phone:ml-auto">
          <Link href={mintHref} scroll={false}>
            <Icon name="key" size="sm" />
            Mint a token
          </Link>
        </Button>
      </PageHeader>
      <FilterTabs
        label="State"
        tabs={VIEWS.map(([label, value]) => ({
          label,
          href: href({ state: value, after: null }),
          current: (state ?? null) === value,
        }))}
      />
      {page.items.length > 0 ? (
        <TokenTable
          items={page.items}
          now={ctx.clock.now()}
          open={open}
          narrow={panel !== undefined}
          hrefOf={(id) => href({ open: id, mint: null })}
        />
      ) : state || principalId || cursor ? (
        <Empty
          title="Nothing matches"
          className="m-5 max-phone:m-4"
          action={
            <Button asChild>
              <Link href={PATH}>Show all tokens</Link>
            </Button>
          }
        >
          {state ? `There is no ${state} token here.` : 'This holder has no tokens.'}
        </Empty>
      ) : (
        <Empty
          title="No tokens yet"
          className="m-5 max-phone:m-4"
          action={
            <Button asChild>
              <Link href={mintHref} scroll={false}>
                Mint the first token
              </Link>
            </Button>
          }
        >
          A token takes the place of a target’s password: it says who connects, for how long, and to what. Clients send
          it as their password.
        </Empty>
      )}
      <ListEnd
        olderHref={page.nextCursor === null ? null : href({ after: page.nextCursor })}
        firstHref={cursor === undefined ? null : href({ after: null })}
      >
        {may(ctx.actor, 'tokens:read') ? null : (
          <span>You see your own tokens and those of agents you answer for.</span>
        )}
      </ListEnd>
    </Split>
  )
}
