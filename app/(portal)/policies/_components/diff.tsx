import { cn } from '../../../_components/cn'
import { CedarLine } from './cedar-text'
import { changedParts, type DiffLine, lineDiff } from './line-diff'

const SIGNS = { same: ' ', removed: '−', added: '+' } as const
const CLASSES = { same: '', removed: 'is-denied bg-state-bg', added: 'is-allowed bg-state-bg' } as const

/** What changed between two texts, with the lines around it. */
export function Diff({ before, after }: { before: string; after: string }) {
  const parts = changedParts(lineDiff(before, after))
  if (parts.every((part) => part === null)) return <p className="text-sm text-fg-2">The two are the same.</p>
  const fresh = before === ''
  return (
    <div className="overflow-hidden rounded-2 border bg-code">
      <pre className="py-2 text-[0.78125rem] leading-code [overflow-wrap:anywhere] whitespace-pre-wrap">
        {parts.map((line, index) =>
          line === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
            <span key={index} className="block px-3 text-fg-3">
              ⋯
            </span>
          ) : (
            <Line key={`${line.left} ${line.right}`} line={line} {...(fresh && { fresh })} />
          ),
        )}
      </pre>
    </div>
  )
}

/** Of a text that is all new the numbers of the old one are left out. */
function Line({ line: { kind, left, right, text }, fresh }: { line: DiffLine; fresh?: true }) {
  return (
    <span
      className={cn(
        'grid pr-3',
        fresh ? 'grid-cols-[2rem_1.25rem_minmax(0,1fr)]' : 'grid-cols-[2rem_2rem_1.25rem_minmax(0,1fr)]',
        CLASSES[kind],
      )}
    >
      {fresh ? null : <LineNumber at={left} />}
      <LineNumber at={right} />
      <span className={cn('text-center', kind === 'same' ? 'text-fg-3' : 'font-strong text-state')}>
        {SIGNS[kind]}
        <span className="sr-only">{kind === 'same' ? '' : kind}</span>
      </span>
      <span>
        <CedarLine line={text} />
      </span>
    </span>
  )
}

function LineNumber({ at }: { at: number | null }) {
  return <span className="pr-1.5 text-right text-xs leading-[inherit] text-fg-3 select-none">{at ?? ''}</span>
}
