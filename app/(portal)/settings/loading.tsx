import { PageHeader } from '#ui/section'
import { Skeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="Settings" />
      <div className="skeletons grid gap-4 border-t px-5 py-4" role="status">
        <span className="sr-only">Loading</span>
        <Skeleton className="w-32" />
        <Skeleton className="w-3/5" />
        <Skeleton className="w-2/5" />
        <Skeleton className="w-1/2" />
      </div>
    </>
  )
}
