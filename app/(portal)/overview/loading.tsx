import { Skeleton } from '#ui/skeleton'

export default function OverviewLoading() {
  return (
    <div className="skeletons" role="status">
      <span className="sr-only">Loading</span>
      <div className="grid grid-cols-5 border-b max-desk:grid-cols-2">
        {['a', 'b', 'c', 'd', 'e'].map((cell) => (
          <div key={cell} className="grid h-[104px] content-center gap-3 px-5 not-first:border-l">
            <Skeleton className="w-24" />
            <Skeleton className="h-5 w-16" />
            <Skeleton className="w-32" />
          </div>
        ))}
      </div>
      <div className="grid gap-3 px-5 py-5">
        <Skeleton className="w-40" />
        <Skeleton className="h-48 w-full" />
      </div>
    </div>
  )
}
