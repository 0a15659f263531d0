import { Tag } from '#ui/tag'
import { audience } from '../../../_components/audience'
import { Effect } from './effect'
import type { OutlinedStatement } from './policy-outline'

interface OutlineListProps {
  outline: readonly OutlinedStatement[]
  onLine: (line: number) => void
}

/** The statements of the text as it stands, each with its effect and the words it has for clients. */
export function OutlineList({ outline, onLine }: OutlineListProps) {
  if (outline.length === 0)
    return <p className="px-5 py-4 text-fg-2 max-phone:px-4">There is no statement in it yet.</p>
  return (
    <ol>
      {outline.map((statement) => (
        <li key={`${statement.line} ${statement.id}`} className="border-b px-5 py-3 max-phone:px-4">
          <div className="flex flex-wrap items-center gap-2">
            <Effect effect={statement.effect} />
            <button
              type="button"
              onClick={() => onLine(statement.line)}
              className="min-w-0 truncate rounded-1 font-medium hover:underline"
            >
              {statement.id}
            </button>
            <span className="ml-auto text-sm text-fg-3">line {statement.line}</span>
          </div>
          {statement.reason ? <p className="mt-1 text-sm text-fg-2">{statement.reason}</p> : null}
          <Asks statement={statement} />
        </li>
      ))}
    </ol>
  )
}

function Asks({ statement: { hold, alert } }: { statement: OutlinedStatement }) {
  if (!hold && !alert) return null
  return (
    <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-fg-3">
      {hold ? `Asks ${audience(hold.group, hold.quorum)}` : null}
      {alert ? <Tag name="alert" value={alert} /> : null}
    </p>
  )
}
