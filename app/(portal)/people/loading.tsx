import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="People and agents" />
      <div className="h-9 border-b" />
      <TableSkeleton roomy heads={['Name', 'Groups', 'Answers for it', 'Tokens', 'Live', 'Last seen']} />
    </>
  )
}
