import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="Audit log" />
      <TableSkeleton rows={14} heads={['When', 'Who', 'Did', 'To']} />
    </>
  )
}
