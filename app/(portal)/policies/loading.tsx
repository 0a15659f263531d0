import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="Policies" />
      <div className="h-9 border-b" />
      <TableSkeleton roomy heads={['Policy', 'What it does', 'Who approves', 'Changed']} />
    </>
  )
}
