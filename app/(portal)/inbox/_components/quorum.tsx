import { cn } from '../../../_components/cn'

const SHOWN = 4

/** Small arches count a quorum: filled ones are approvals that are there. */
export function Quorum({ got, needed }: { got: number; needed: number }) {
  return (
    <span
      className="inline-flex items-end gap-0.5 text-xs leading-none text-fg-3"
      title={`${got} of ${needed} approvals`}
    >
      {needed > SHOWN
        ? null
        : Array.from({ length: needed }, (_, index) => (
            <svg
              // biome-ignore lint/suspicious/noArrayIndexKey: an arch is its place
              key={index}
              viewBox="0 0 10 12"
              className={cn(
                'is-allowed h-[11px] w-[9px] stroke-[1.25]',
                index < got ? 'fill-state-mark stroke-state-mark' : 'fill-none stroke-line-control',
              )}
              aria-hidden="true"
            >
              <path d="M1.5 11V5a3.5 3.5 0 0 1 7 0v6z" />
            </svg>
          ))}
      <span className="ml-[3px]">
        {got}/{needed}
        <span className="sr-only"> approvals</span>
      </span>
    </span>
  )
}
