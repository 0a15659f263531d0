import { grouped } from '../numbers'

/** How many wait. */
export function HeldCount({ count }: { count: number }) {
  return (
    <span className="is-held inline-grid h-[1.125rem] min-w-[1.125rem] place-items-center rounded-full bg-state-bg px-1.5 text-xs leading-none font-strong text-state shadow-[inset_0_0_0_1px_var(--c-line)]">
      {grouped(count)}
      <span className="sr-only"> waiting</span>
    </span>
  )
}
