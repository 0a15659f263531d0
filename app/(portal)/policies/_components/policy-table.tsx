import type { PolicyItem } from '#lib/services/policies/policy-item'
import { RelativeTime } from '#ui/relative-time'
import { Table, Td, Th } from '#ui/table'
import { audience } from '../../../_components/audience'
import { RowLink } from '../../../_components/row-link'
import { Effect } from './effect'

/** Every document with what it does and whom its holds ask. */
export function PolicyTable({ items, now }: { items: readonly PolicyItem[]; now: number }) {
  return (
    <Table paged picks roomy aria-label="Policies">
      <thead>
        <tr>
          <Th>Policy</Th>
          <Th>What it does</Th>
          <Th wide>Who approves</Th>
          <Th num wide>
            Changed
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.name} item={item} now={now} />
        ))}
      </tbody>
    </Table>
  )
}

const EFFECTS = ['permit', 'hold', 'forbid'] as const

function Row({ item, now }: { item: PolicyItem; now: number }) {
  const outline = item.policies.map((policy) => ({
    ...policy,
    effect: policy.hold ? ('hold' as const) : policy.effect,
  }))
  return (
    <tr className="relative">
      <Td className="w-full max-w-0 min-w-40">
        <div className="leading-[1.35]">
          <RowLink href={`/policies/${item.name}`} open={false}>
            {item.name}
          </RowLink>
          <div className="truncate text-sm text-fg-3">{about(item.text, item.policies)}</div>
        </div>
      </Td>
      <Td>
        <span className="inline-flex gap-1 max-phone:flex-col max-phone:items-start">
          {EFFECTS.map((effect) => {
            const count = outline.filter((statement) => statement.effect === effect).length
            return count === 0 ? null : <Effect key={effect} effect={effect} count={count} />
          })}
        </span>
      </Td>
      <Td wide className="text-fg-2">
        {approvers(item.policies) || <span className="text-fg-3">nobody is asked</span>}
      </Td>
      <Td num wide className="text-fg-2">
        <RelativeTime at={item.updatedAt} now={now} /> <span className="text-fg-3">by {item.updatedBy.name}</span>
      </Td>
    </tr>
  )
}

/** The reason that clients read, else the comment at its top. */
function about(text: string, outline: PolicyItem['policies']): string {
  const comment = /^\s*((?:\/\/.*\n)+)/
    .exec(text)?.[1]
    ?.replace(/\s*\/\/\s*/g, ' ')
    .trim()
  return comment ?? outline.find(({ reason }) => reason !== '')?.reason ?? ''
}

function approvers(outline: PolicyItem['policies']): string {
  const holds = outline.flatMap(({ hold }) => hold ?? [])
  return [...new Set(holds.map(({ group, quorum }) => audience(group, quorum)))].join('; ')
}
