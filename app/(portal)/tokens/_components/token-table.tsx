import type { TokenItem } from '#lib/services/tokens/token-item'
import { Pair, principalIcon } from '#ui/face'
import { RelativeTime } from '#ui/relative-time'
import { State } from '#ui/state'
import { Table, Td, Th } from '#ui/table'
import { Tag } from '#ui/tag'
import { cn } from '../../../_components/cn'
import { RowLink } from '../../../_components/row-link'

interface TokenTableProps {
  items: readonly TokenItem[]
  now: number
  open: string | undefined
  /** A panel is open beside it: columns that only explain give way. */
  narrow: boolean
  hrefOf: (id: string) => string
}

export function TokenTable({ items, now, open, narrow, hrefOf }: TokenTableProps) {
  return (
    <Table paged picks roomy>
      <thead>
        <tr>
          <Th>Token</Th>
          <Th wide>For</Th>
          {narrow ? null : <Th wide>Opens</Th>}
          <Th>State</Th>
          {narrow ? null : (
            <Th num wide>
              Minted
            </Th>
          )}
          <Th num wide>
            Last used
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="relative" data-selected={item.id === open || undefined}>
            <Td className="w-full max-w-0 min-w-40">
              <div className="leading-[1.35]">
                <RowLink href={hrefOf(item.id)} open={item.id === open}>
                  {tokenTitle(item)}
                </RowLink>
                <div className="mono truncate text-xs text-fg-3">…{item.hint}</div>
              </div>
            </Td>
            <Td wide className="max-w-48">
              <Pair icon={principalIcon(item.principal.kind)}>{item.principal.name}</Pair>
            </Td>
            {narrow ? null : (
              <Td wide>
                <Opens item={item} />
              </Td>
            )}
            <Td>
              <TokenState item={item} now={now} />
            </Td>
            {narrow ? null : (
              <Td num wide className="text-fg-2">
                <RelativeTime at={Date.parse(item.createdAt)} now={now} />
              </Td>
            )}
            <Td num wide className="text-fg-2">
              {item.lastUsedAt === null ? 'never' : <RelativeTime at={Date.parse(item.lastUsedAt)} now={now} />}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** What it is for, in its maker's words; a run says most. */
export function tokenTitle(item: Pick<TokenItem, 'run' | 'label' | 'scope'>): string {
  if (item.run) return item.run.label
  if (item.label !== '') return item.label
  return item.scope === 'api' ? 'Command line' : 'Token without a label'
}

/** Which connections it opens; for the command line none, but the API. */
export function Opens({ item, all }: { item: Pick<TokenItem, 'connections' | 'scope'>; all?: true }) {
  if (item.scope === 'api') return <span className="text-fg-2">the portal’s API</span>
  if (item.connections === null) return <span className="text-fg-2">all its holder may use</span>
  const shown = all ? item.connections : item.connections.slice(0, 2)
  return (
    <span className={cn('inline-flex items-center gap-1', all && 'flex-wrap')}>
      {shown.map((name) => (
        <Tag key={name} name={name} />
      ))}
      {shown.length < item.connections.length ? (
        <span className="text-fg-3">+{item.connections.length - shown.length}</span>
      ) : null}
    </span>
  )
}

export function TokenState({ item, now }: { item: Pick<TokenItem, 'state' | 'expiresAt' | 'revokedAt'>; now: number }) {
  if (item.state === 'revoked')
    return (
      <State kind="plain" icon="denied">
        <span>Revoked {item.revokedAt ? <RelativeTime at={Date.parse(item.revokedAt)} now={now} /> : null}</span>
      </State>
    )
  if (item.state === 'expired')
    return (
      <State kind="plain">
        <span>
          Expired <RelativeTime at={Date.parse(item.expiresAt)} now={now} />
        </span>
      </State>
    )
  return (
    <State kind="allowed">
      <span>
        Active, ends <RelativeTime at={Date.parse(item.expiresAt)} now={now} />
      </span>
    </State>
  )
}
