import type { AuditItem } from '#lib/services/audit/list'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { Table, Td, Th } from '#ui/table'
import { RowLink } from '../../../_components/row-link'
import { actionIcon, actionWords, viaWords } from './action-words'

interface AuditTableProps {
  items: readonly AuditItem[]
  now: number
  open: string | undefined
  /** A panel is open beside it: columns that only explain give way. */
  narrow: boolean
  hrefOf: (id: string) => string
}

export function AuditTable({ items, now, open, narrow, hrefOf }: AuditTableProps) {
  return (
    <Table paged picks>
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>Did</Th>
          {narrow ? null : <Th wide>How</Th>}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="relative" data-selected={item.id === open || undefined}>
            <Td className="text-fg-2">
              <RelativeTime at={Date.parse(item.at)} now={now} />
            </Td>
            <Td className="max-w-44 truncate">{item.actorName}</Td>
            <Td className="w-full max-w-0">
              <span className="flex min-w-0 items-center gap-2">
                <Icon name={actionIcon(item.action)} size="state" className="text-fg-3" />
                <RowLink href={hrefOf(item.id)} open={item.id === open} className="text-sm font-normal">
                  <span className="text-fg-2">{actionWords(item.action)}</span>{' '}
                  <span className="font-medium">{item.targetName || item.targetId}</span>
                </RowLink>
              </span>
            </Td>
            {narrow ? null : (
              <Td wide className="text-fg-3">
                {viaWords(item.via)}
              </Td>
            )}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
