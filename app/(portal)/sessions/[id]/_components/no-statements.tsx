import { Button } from '#ui/button'
import { Empty } from '#ui/empty'
import { countedFilters } from './counted-filters'
import type { SessionView } from './session'

interface NoStatementsProps {
  session: SessionView
  params: { q: string; verdict: string | null }
  onClear: () => void
}

/** Why the table is empty: nothing matches, nothing yet, or nothing ever. */
export function NoStatements({ session, params, onClear }: NoStatementsProps) {
  const filters = countedFilters(params)
  if (filters > 0) {
    return (
      <Empty
        title="Nothing matches"
        className="m-4 border-0"
        action={<Button onClick={onClear}>{filters === 1 ? 'Clear the filter' : `Clear ${filters} filters`}</Button>}
      >
        No statement of this session fits the search.
      </Empty>
    )
  }
  return (
    <Empty title={session.endedAt === null ? 'No statement yet' : 'No statement'} className="m-4 border-0">
      {session.endedAt === null
        ? 'The client is connected and has sent nothing. What it sends appears here at once.'
        : (session.endDetail ?? 'The client connected and left without sending a command.')}
    </Empty>
  )
}
