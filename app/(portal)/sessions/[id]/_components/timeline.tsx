import { useId } from 'react'
import { clockTime } from '../../../../_components/time'

export interface Mark {
  readonly op: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly until: number
  readonly kind: 'allowed' | 'denied' | 'held' | 'live' | 'plain'
}

interface TimelineProps {
  marks: readonly Mark[]
  from: number
  to: number
  live: boolean
  selected: number | null
  onSelect: (op: number) => void
}

const WIDTH = 1_000
const TICKS = 7
/** From here on a mark is an outlined stretch of time, not a stroke. */
const WIDE = 8

/** The session from left to right: a mark a statement, longer ones wider, denied ones taller. A click goes there. */
export function Timeline({ marks, from, to, live, selected, onSelect }: TimelineProps) {
  const title = useId()
  const span = Math.max(1, to - from)
  const x = (at: number) => Math.min(WIDTH, Math.max(0, ((at - from) / span) * WIDTH))
  const chosen = marks.find((mark) => mark.op === selected)
  const pick = (event: React.MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const at = from + ((event.clientX - box.left) / box.width) * span
    const nearest = marks.reduce<Mark | undefined>(
      (best, mark) => (!best || Math.abs(mark.at - at) < Math.abs(best.at - at) ? mark : best),
      undefined,
    )
    if (nearest) onSelect(nearest.op)
  }
  return (
    <div className="border-b px-5 pb-2 max-phone:px-4">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the statement table does the same by keyboard */}
      <svg
        viewBox={`0 0 ${WIDTH} 34`}
        preserveAspectRatio="none"
        className="block h-[34px] w-full cursor-pointer overflow-visible"
        role="img"
        aria-labelledby={title}
        onClick={pick}
      >
        <title id={title}>{`Timeline of ${marks.length} statements from ${clockTime(from)} to ${clockTime(to)}`}</title>
        <line className="stroke-line-2" x1="0" x2={WIDTH} y1="24.5" y2="24.5" vectorEffect="non-scaling-stroke" />
        {marks.map((mark) => (
          <MarkShape key={`${mark.op} ${mark.kind}`} mark={mark} x={x} />
        ))}
        {chosen ? (
          <line
            className="stroke-accent stroke-[1.5]"
            x1={x(chosen.at) + 1.5}
            x2={x(chosen.at) + 1.5}
            y1="0"
            y2="33"
            vectorEffect="non-scaling-stroke"
          />
        ) : null}
        {live ? (
          <line
            className="is-live stroke-state-mark stroke-[1.5]"
            x1={WIDTH - 0.5}
            x2={WIDTH - 0.5}
            y1="0"
            y2="33"
            vectorEffect="non-scaling-stroke"
          />
        ) : null}
      </svg>
      <Axis from={from} to={to} live={live} />
    </div>
  )
}

const CLASSES = {
  allowed: 'is-allowed',
  denied: 'is-denied',
  held: 'is-held',
  live: 'is-live',
  plain: 'is-plain',
} as const

/** Height says how long it took, on a scale that shows a microsecond beside a minute; denied ones reach up whatever they took. */
function MarkShape({ mark, x }: { mark: Mark; x: (at: number) => number }) {
  const ms = Math.max(0.05, mark.until - mark.at)
  const height = mark.kind === 'denied' ? 18 : Math.min(16, 4 + Math.log10(1 + ms) * 3.5)
  const left = x(mark.at)
  const width = x(mark.until) - left
  if (width > WIDE) {
    return (
      <rect
        className={`${CLASSES[mark.kind]} fill-state-bg stroke-state-mark`}
        x={left.toFixed(1)}
        y={(24 - height).toFixed(1)}
        width={width.toFixed(1)}
        height={height.toFixed(1)}
        vectorEffect="non-scaling-stroke"
      />
    )
  }
  return (
    <line
      className={`${CLASSES[mark.kind]} stroke-state-mark ${mark.kind === 'denied' ? 'stroke-4' : 'stroke-3'}`}
      x1={(left + 1.5).toFixed(1)}
      x2={(left + 1.5).toFixed(1)}
      y1="24"
      y2={(24 - height).toFixed(1)}
      vectorEffect="non-scaling-stroke"
    />
  )
}

/** Clock times; in a short session, how long after its start. */
function axisLabel(at: number, from: number, to: number): string {
  if (to - from < 30_000) return at === from ? clockTime(at) : `+${((at - from) / 1_000).toFixed(1)} s`
  return to - from < 10 * 60_000 ? clockTime(at) : clockTime(at).slice(0, 5)
}

function Axis({ from, to, live }: { from: number; to: number; live: boolean }) {
  const label = (at: number) => axisLabel(at, from, to)
  const ticks = Array.from({ length: TICKS }, (_, tick) => from + ((to - from) * tick) / (TICKS - 1))
  return (
    <div className="flex justify-between text-xs text-fg-3" aria-hidden="true">
      {ticks.map((at, tick) =>
        tick === TICKS - 1 && live ? (
          <span key="now" className="is-live text-state">
            now
          </span>
        ) : (
          <span key={at} className={tick % 3 === 0 ? '' : 'max-phone:hidden'}>
            {label(at)}
          </span>
        ),
      )}
    </div>
  )
}
