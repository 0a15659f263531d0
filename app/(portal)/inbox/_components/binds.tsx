import type { BoundValue } from '#lib/domain/event'
import { Table, Td, Th } from '#ui/table'
import { bytes } from '../../../_components/numbers'
import { ExactValue } from './exact-body'
import type { BindMaterial } from './review-material'

/** What is bound to the parameters: as much a part of the decision as the text. */
export function Binds({ binds }: { binds: readonly BindMaterial[] }) {
  return (
    <div className="overflow-hidden rounded-2 border">
      <Table aria-label="Bound values" className="table-fixed">
        <thead>
          <tr>
            <Th className="w-14">Bind</Th>
            <Th className="w-20">Sent as</Th>
            <Th>Value</Th>
          </tr>
        </thead>
        <tbody className="[&_td]:h-7! [&_td]:py-1! [&_td]:align-top [&_td]:leading-5 [&_tr:last-child_td]:border-b-0">
          {binds.map((bind, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bind is its number
            <tr key={index}>
              <Td className="mono">${index + 1}</Td>
              <Td className="text-fg-3">{formatWords(bind.value)}</Td>
              <Td className="mono whitespace-pre-wrap! [overflow-wrap:anywhere]">
                <Value bind={bind} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function formatWords(value: BoundValue): string {
  if (value === null) return 'nothing'
  if ('format' in value) return value.format
  return 'base64' in value ? 'binary' : 'text'
}

function Value({ bind: { value, exact, firstUnit } }: { bind: BindMaterial }) {
  if (exact !== null && value !== null && 'text' in value && value.text === '')
    return (
      <span data-unit={firstUnit} className="font-sans text-fg-3">
        empty
      </span>
    )
  if (exact !== null) return <ExactValue lines={exact.lines} firstUnit={firstUnit} />
  return (
    <span data-unit={firstUnit} className="text-fg-3">
      {value !== null && 'format' in value ? `${bytes(value.in[1] - value.in[0])}, SHA-256 ${value.sha256}` : 'NULL'}
    </span>
  )
}
