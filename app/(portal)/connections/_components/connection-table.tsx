import type { ConnectionSummary } from '#lib/services/connections/connection-item'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { LiveCount, State } from '#ui/state'
import { Table, Td, Th } from '#ui/table'
import { FewTags, Tags } from '#ui/tag'
import { RowLink } from '../../../_components/row-link'
import { PROTOCOL_ICONS, PROTOCOL_WORDS } from './setting-words'
import { TestOutcome } from './test-outcome'

interface ConnectionTableProps {
  items: readonly ConnectionSummary[]
  now: number
  open: string | undefined
  /** A panel is open beside it: columns that only explain give way. */
  narrow: boolean
  hrefOf: (name: string) => string
}

export function ConnectionTable({ items, now, open, narrow, hrefOf }: ConnectionTableProps) {
  return (
    <Table paged picks roomy>
      <thead>
        <tr>
          <Th>Connection</Th>
          <Th wide>Tags</Th>
          <Th>Last test</Th>
          {narrow ? null : <Th wide>Open to</Th>}
          {narrow ? null : (
            <Th num wide>
              Live sessions
            </Th>
          )}
          <Th num wide>
            Last used
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="relative" data-selected={item.name === open || undefined}>
            <Td className="w-full max-w-0 min-w-44">
              <div className="flex items-center gap-2.5 leading-[1.35]">
                <span title={PROTOCOL_WORDS[item.protocol]} className="text-fg-3">
                  <Icon name={PROTOCOL_ICONS[item.protocol]} />
                </span>
                <div className="min-w-0 flex-1">
                  <RowLink href={hrefOf(item.name)} open={item.name === open}>
                    {item.name}
                  </RowLink>
                  <div className="mono truncate text-xs text-fg-3">{item.address}</div>
                </div>
              </div>
            </Td>
            <Td wide>
              <span className="inline-flex items-center gap-1">
                {Object.keys(item.tags).length === 0 ? (
                  <span className="text-fg-3">no tags</span>
                ) : (
                  <Tags tags={item.tags} />
                )}
              </span>
            </Td>
            <Td>
              {item.state === 'disabled' ? (
                <State kind="plain" icon="denied">
                  Disabled
                </State>
              ) : (
                <TestOutcome test={item.lastTest} now={now} />
              )}
            </Td>
            {narrow ? null : (
              <Td wide>
                <FewTags names={item.access} most={2} none="nobody yet" />
              </Td>
            )}
            {narrow ? null : (
              <Td num wide>
                <LiveCount count={item.liveSessions} />
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
