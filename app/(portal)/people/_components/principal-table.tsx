import type { PrincipalItem } from '#lib/services/principals/principal-item'
import { Face, principalIcon } from '#ui/face'
import { RelativeTime } from '#ui/relative-time'
import { LiveCount, State } from '#ui/state'
import { Table, Td, Th } from '#ui/table'
import { FewTags } from '#ui/tag'
import { RowLink } from '../../../_components/row-link'

interface PrincipalTableProps {
  items: readonly PrincipalItem[]
  now: number
  open: string | undefined
  /** A panel is open beside it: columns that only explain give way. */
  narrow: boolean
  hrefOf: (id: string) => string
}

const KINDS = { person: 'person', agent: 'agent', service: 'service' } as const

export function PrincipalTable({ items, now, open, narrow, hrefOf }: PrincipalTableProps) {
  return (
    <Table paged picks roomy>
      <thead>
        <tr>
          <Th>Name</Th>
          <Th wide>Groups</Th>
          {narrow ? null : <Th wide>Answers for it</Th>}
          <Th num wide>
            Active tokens
          </Th>
          <Th num>Live sessions</Th>
          <Th num wide>
            Last seen
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="relative" data-selected={item.id === open || undefined}>
            <Td className="w-full max-w-0 min-w-44">
              <div className="flex items-center gap-2.5 leading-[1.35]">
                <Face icon={principalIcon(item.kind)} round={item.kind === 'person'} />
                <div className="min-w-0 flex-1">
                  <div className="flex min-w-0 items-center gap-2">
                    <RowLink href={hrefOf(item.id)} open={item.id === open}>
                      {item.name}
                    </RowLink>
                    <Standing item={item} />
                  </div>
                  <div className="truncate text-fg-3">{secondLine(item)}</div>
                </div>
              </div>
            </Td>
            <Td wide>
              <FewTags names={item.groups} most={narrow ? 2 : 3} none="no groups" />
            </Td>
            {narrow ? null : (
              <Td wide className="text-fg-2">
                {item.owner?.name ?? <span className="text-fg-3">themselves</span>}
              </Td>
            )}
            <Td num wide>
              {item.activeTokens === 0 ? <span className="text-fg-3">none</span> : item.activeTokens}
            </Td>
            <Td num>
              <LiveCount count={item.liveSessions} />
            </Td>
            <Td num wide className="text-fg-2">
              {item.lastSeenAt === null ? 'never' : <RelativeTime at={Date.parse(item.lastSeenAt)} now={now} />}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function secondLine(item: PrincipalItem): string {
  if (item.kind === 'person') return item.email && item.email !== item.name ? item.email : KINDS.person
  return item.owner ? `${KINDS[item.kind]} of ${item.owner.name}` : KINDS[item.kind]
}

/** Active is the hum and has no word. */
export function Standing({ item }: { item: Pick<PrincipalItem, 'state'> }) {
  if (item.state === 'disabled')
    return (
      <State kind="plain" icon="denied">
        Disabled
      </State>
    )
  if (item.state === 'invited') return <State kind="plain">Has not signed in yet</State>
  return null
}
