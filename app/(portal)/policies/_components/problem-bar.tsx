import { State } from '#ui/state'
import type { PolicyProblem } from './policy-problem'
import type { Draft } from './use-draft'

interface ProblemBarProps {
  draft: Draft
  onLine: (line: number) => void
}

/** What keeps the text from being saved, or that nothing does. */
export function ProblemBar({ draft: { problems, name, dirty }, onLine }: ProblemBarProps) {
  return (
    <div role="status" className="max-h-40 min-h-9 overflow-auto border-t bg-panel px-5 py-2 text-sm max-phone:px-4">
      {problems === null ? (
        <span className="text-fg-3">{dirty ? 'Checking…' : 'As it is in force.'}</span>
      ) : problems.length === 0 ? (
        <State kind="allowed">{dirty ? 'It can be saved' : 'As it is in force, and valid'}</State>
      ) : (
        <ul className="grid gap-1">
          {problems.map((problem) => (
            <li key={`${problem.document} ${problem.line} ${problem.message}`}>
              <Problem problem={problem} own={problem.document === (name.trim() || 'unnamed')} onLine={onLine} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface ProblemProps {
  problem: PolicyProblem
  own: boolean
  onLine: (line: number) => void
}

function Problem({ problem: { document, line, message }, own, onLine }: ProblemProps) {
  const place = `${own ? '' : `${document}, `}${line === null ? 'the document' : `line ${line}`}`
  return (
    <span className="flex items-start gap-2">
      <State kind="denied" icon="x">
        {own && line !== null ? (
          <button type="button" onClick={() => onLine(line)} className="rounded-1 hover:underline">
            {place}
          </button>
        ) : (
          place
        )}
      </State>
      <span className="min-w-0 text-fg-2 [overflow-wrap:anywhere]">{message}</span>
    </span>
  )
}
