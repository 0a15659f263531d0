import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="Grants" />
      <div className="h-9 border-b" />
      <TableSkeleton roomy heads={['What may run', 'Who', 'On', 'Approved by', 'Used', 'Ends']} />
    </>
  )
}
