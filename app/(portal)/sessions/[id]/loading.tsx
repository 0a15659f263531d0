import { Skeleton, TableSkeleton } from '#ui/skeleton'

export default function SessionLoading() {
  return (
    <>
      <div className="skeletons grid gap-3 px-5 py-4 max-phone:px-4">
        <Skeleton className="h-4 w-72" />
        <Skeleton className="mb-10 w-96 max-w-full" />
      </div>
      <TableSkeleton heads={['#', 'Time', 'Statement', 'Verdict', 'Rows', 'Duration']} rows={12} />
    </>
  )
}
