import type { ReactNode } from 'react'
import { Exact } from '#ui/code'
import { cn } from '../../../_components/cn'
import { type Facts, shownNames } from '../../../_components/fact-words'
import { counted, grouped } from '../../../_components/numbers'
import type { ReviewView } from './review-view'

/** The summary that comes before the bytes: what kind, on what, how much, how narrow. */
export function FactCells({ facts, estimate }: Pick<ReviewView, 'facts' | 'estimate'>) {
  if (facts === null) return <p className="is-held text-state">Nothing is known of what this does.</p>
  return (
    <dl className="grid grid-cols-[repeat(4,minmax(max-content,13rem))] gap-x-4 gap-y-3 max-desk:grid-cols-2">
      <Cell term="Kind" value={kindWords(facts)} about={standingWords(facts)} alarming={facts.standing !== 'clear'} />
      <Cell
        term="Tables"
        value={facts.writes.length > 0 ? <Exact text={shownNames(facts.writes)} /> : 'writes none by name'}
        about={facts.reads.length > 0 ? <Exact text={`reads ${shownNames(facts.reads)}`} /> : 'reads no others'}
      />
      <Cell term="Estimated rows" {...estimateWords(estimate)} />
      <Cell term="Has WHERE" {...whereWords(facts)} />
    </dl>
  )
}

interface CellProps {
  term: string
  value: ReactNode
  about: ReactNode
  alarming?: boolean
}

function Cell({ term, value, about, alarming }: CellProps) {
  return (
    <div className="min-w-0 leading-[1.45]">
      <dt className="text-xs text-fg-3">{term}</dt>
      <dd className={cn('font-medium [overflow-wrap:anywhere]', alarming && 'is-held text-state')}>
        {value}
        <span className="block text-sm font-normal text-fg-2">{about}</span>
      </dd>
    </div>
  )
}

function kindWords(facts: Facts): string {
  if (facts.standing === 'unparsed') return 'Not understood'
  // A SELECT inside of something else says nothing; the number of statements tells of any beside it.
  const kinds = facts.kinds.length > 1 ? facts.kinds.filter((kind) => kind !== 'select') : facts.kinds
  return kinds.map((kind) => kind.replaceAll('-', ' ').toUpperCase()).join(', ') || 'Nothing'
}

function standingWords(facts: Facts): string {
  const count = counted(facts.statements, 'statement')
  if (facts.standing === 'unparsed') return 'the grammar does not read it'
  if (facts.standing === 'opaque') {
    const unknown = shownNames(facts.unknownFunctions)
    return unknown === '' ? `${count}, runs code that is not known` : `${count}, what ${unknown} does is not known`
  }
  return facts.readOnly ? `${count}, changes nothing` : count
}

function estimateWords(estimate: ReviewView['estimate']): Omit<CellProps, 'term'> {
  if (estimate === null) return { value: 'Not known', about: 'the target gave no estimate' }
  const share = estimate.of ? ` (${percent(estimate.rows / estimate.of)})` : ''
  return {
    value: grouped(estimate.rows),
    about: estimate.of === null ? 'as the target plans it' : `of ${grouped(estimate.of)}${share}`,
  }
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return 'under 0.1 %'
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

function whereWords(facts: Facts): Omit<CellProps, 'term'> {
  if (facts.unfiltered.length > 0)
    return { value: 'No', about: `${shownNames(facts.unfiltered)} every row`, alarming: true }
  if (facts.kinds.some((kind) => kind === 'update' || kind === 'delete'))
    return { value: 'Yes', about: 'not every row' }
  return { value: 'Does not apply', about: 'no update or delete in it' }
}
