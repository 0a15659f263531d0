import { cn } from '../../../_components/cn'
import { isSoon, timeLeft } from '../../../_components/time-left'

const AROUND = 43.98

interface CountdownProps {
  openedAt: string
  expiresAt: string
  now: number
}

/** How much of its time a review has left. */
export function Countdown({ openedAt, expiresAt, now }: CountdownProps) {
  const left = Math.max(0, Date.parse(expiresAt) - now)
  const all = Math.max(1, Date.parse(expiresAt) - Date.parse(openedAt))
  return (
    <span role="timer" className="ml-auto flex items-center gap-2 text-sm whitespace-nowrap text-fg-2">
      <svg
        className={cn('size-[18px] -rotate-90 fill-none stroke-[3]', isSoon(left) ? 'is-denied' : 'is-held')}
        viewBox="0 0 18 18"
        aria-hidden="true"
      >
        <circle className="stroke-line-2" cx="9" cy="9" r="7" />
        <circle
          className="stroke-state-mark"
          cx="9"
          cy="9"
          r="7"
          strokeDasharray={`${((left / all) * AROUND).toFixed(1)} ${AROUND}`}
        />
      </svg>
      <span>
        <b className="text-lg font-strong text-fg">{timeLeft(left)}</b> left of {Math.round(all / 60_000)} min
      </span>
    </span>
  )
}
