'use client'
import type { GrantItem } from '#lib/services/grants/grant-item'
import { Exact } from '#ui/code'
import { Pair, principalIcon } from '#ui/face'
import { RelativeTime, useNow } from '#ui/relative-time'
import { State } from '#ui/state'
import { Table, Td, Th } from '#ui/table'
import { factTitle } from '../../../_components/fact-words'
import { grouped } from '../../../_components/numbers'
import { RowLink } from '../../../_components/row-link'
import { isSoon, timeLeft } from '../../../_components/time-left'

interface GrantTableProps {
  items: readonly GrantItem[]
  now: number
  open: string | undefined
  narrow: boolean
  hrefs: Readonly<Record<string, string>>
}

/** Who may run what without asking again, and until when. */
export function GrantTable({ items, now, open, narrow, hrefs }: GrantTableProps) {
  const current = useNow(now)
  return (
    <Table paged picks roomy>
      <thead>
        <tr>
          <Th>What may run</Th>
          <Th wide>Who</Th>
          {narrow ? null : <Th wide>Approved by</Th>}
          <Th num wide>
            Used
          </Th>
          <Th>Ends</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="relative" data-selected={item.id === open || undefined}>
            <Td className="w-full max-w-0 min-w-40">
              <div className="leading-[1.35]">
                <RowLink href={hrefs[item.id] ?? ''} open={item.id === open}>
                  <Exact text={factTitle(item.facts)} />
                </RowLink>
                <div className="truncate text-sm text-fg-3">
                  on {item.connection.name}
                  {item.run ? `, in the run ${item.run.label}` : ''}
                </div>
              </div>
            </Td>
            <Td wide className="max-w-52">
              <Pair icon={principalIcon(item.principal.kind)}>{item.principal.name}</Pair>
            </Td>
            {narrow ? null : (
              <Td wide className="max-w-52 truncate text-fg-2">
                {item.approvedBy.map(({ name }) => name).join(', ')}
              </Td>
            )}
            <Td num wide className="text-fg-2">
              {item.uses === 0 ? 'never' : `${grouped(item.uses)} ×`}
            </Td>
            <Td>
              <GrantEnd item={item} now={current} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function GrantEnd({ item, now }: { item: GrantItem; now: number }) {
  const left = Date.parse(item.expiresAt) - now
  if (item.state === 'revoked')
    return (
      <State kind="plain" icon="denied">
        <span>Revoked {item.revokedAt ? <RelativeTime at={item.revokedAt} now={now} /> : null}</span>
      </State>
    )
  if (item.state === 'ended' || left <= 0)
    return (
      <State kind="plain">
        <span>
          Ended <RelativeTime at={item.expiresAt} now={now} />
        </span>
      </State>
    )
  return (
    <State kind={isSoon(left) ? 'held' : 'allowed'} icon={isSoon(left) ? 'clock' : 'check'}>
      {timeLeft(left)} left
    </State>
  )
}
