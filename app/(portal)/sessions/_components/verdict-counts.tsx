import { State } from '#ui/state'
import { grouped } from '../../../_components/numbers'

interface VerdictCountsProps {
  operations: number
  held: number
  refused: number
  failed: number
}

/** The rare thing is what the eye finds: held, refused and failed statements; a quiet word when there are none. */
export function VerdictCounts({ operations, held, refused, failed }: VerdictCountsProps) {
  if (operations === 0) return <span className="text-fg-3">nothing sent</span>
  if (held + refused + failed === 0) return <span className="text-fg-3">all allowed</span>
  return (
    <span className="inline-flex items-center gap-3 align-middle">
      {held > 0 ? <State kind="held">{grouped(held)} held</State> : null}
      {refused > 0 ? <State kind="denied">{grouped(refused)} denied</State> : null}
      {failed > 0 ? (
        <State kind="denied" icon="x">
          {grouped(failed)} failed
        </State>
      ) : null}
    </span>
  )
}
