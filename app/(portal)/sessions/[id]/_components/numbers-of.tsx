import { grouped } from '../../../../_components/numbers'
import { age, duration } from '../../../../_components/time'
import type { StatementStatus } from './verdict'

interface Counted {
  readonly status: StatementStatus
  readonly rows: number | null
  readonly durationUs: number | null
  readonly at: string
}

const faint = (words: string) => <span className="text-fg-3">{words}</span>

/** Rows that went to the client; where there is no number, why. */
export function RowCount({ of: { status, rows } }: { of: Counted }) {
  if (status === 'running' || status === 'held') return faint('not yet')
  if (status === 'unknown') return faint('unknown')
  if (rows === null || rows === 0) return faint('none')
  return grouped(rows)
}

/** How long the target took; where it was never asked, that. */
export function Took({ of: { status, durationUs, at }, now }: { of: Counted; now: number }) {
  if (status === 'refused' || status === 'skipped') return faint('not sent')
  if (status === 'running') return <span className="is-live text-state">{age(now - Date.parse(at))}</span>
  if (status === 'held') return <span className="is-held text-state">{age(now - Date.parse(at))}</span>
  if (status === 'unknown' || durationUs === null) return faint('no answer')
  return duration(durationUs)
}
