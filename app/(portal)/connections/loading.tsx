import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="Connections" />
      <TableSkeleton roomy heads={['Connection', 'Tags', 'Last test', 'Open to', 'Last used']} />
    </>
  )
}
