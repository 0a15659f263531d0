import { Skeleton } from '#ui/skeleton'

const ROWS = ['w-3/5', 'w-2/3', 'w-1/2', 'w-3/4', 'w-3/5', 'w-2/5']

export default function Loading() {
  return (
    <div className="grid h-full grid-cols-[20.5rem_minmax(0,1fr)] max-desk:grid-cols-[17rem_minmax(0,1fr)] max-phone:grid-cols-[minmax(0,1fr)]">
      <div className="skeletons pt-9" role="status">
        <span className="sr-only">Loading</span>
        {ROWS.map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a placeholder have no identity
          <div key={index} className="grid h-14 content-center gap-2 border-b px-4 max-phone:h-16">
            <Skeleton className={width} />
            <Skeleton className="w-2/5" />
          </div>
        ))}
      </div>
      <div className="border-l max-phone:hidden" />
    </div>
  )
}
