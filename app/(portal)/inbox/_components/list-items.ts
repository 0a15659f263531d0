import { stateAt } from '../../../_components/reviews/review-state'
import type { ReviewRow } from './review-view'

/** One place of the list: a review, or the heading of those that follow. */
export type ListItem =
  | { readonly kind: 'row'; readonly key: string; readonly row: ReviewRow }
  | { readonly kind: 'heading'; readonly key: string; readonly text: string }

const HEADING = 36
const ROW = { desktop: 56, phone: 64 } as const

/** Pixels from the top of the list to the place `index`. */
export function startOf(items: readonly ListItem[], index: number, device: keyof typeof ROW): number {
  return items.slice(0, index).reduce((sum, { kind }) => sum + (kind === 'heading' ? HEADING : ROW[device]), 0)
}

interface Listed {
  readonly pending: readonly ReviewRow[]
  readonly decided: readonly ReviewRow[]
  /** Stands over the decided ones where both are shown. */
  readonly heading: string
}

/** The list from its parts at `now`: what expired since they were read stands among the decided already. */
export function listItems({ pending, decided, heading }: Listed, now: number): readonly ListItem[] {
  const waiting = pending.filter((row) => stateAt(row, now) === 'pending')
  const over = pending.filter((row) => stateAt(row, now) !== 'pending')
  const rows = withoutDoubles([...over, ...decided]).filter(({ id }) => waiting.every((row) => row.id !== id))
  return [
    ...waiting.map(toItem),
    ...(waiting.length > 0 && rows.length > 0 ? [{ kind: 'heading', key: 'heading', text: heading } as const] : []),
    ...rows.map(toItem),
  ]
}

function toItem(row: ReviewRow): ListItem {
  return { kind: 'row', key: row.id, row }
}

/** Of two that are the same the first stays. */
function withoutDoubles(rows: readonly ReviewRow[]): readonly ReviewRow[] {
  const known = new Set<string>()
  return rows.filter(({ id }) => !known.has(id) && known.add(id))
}
