import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="Access tokens" />
      <div className="h-9 border-b" />
      <TableSkeleton heads={['Token', 'For', 'Opens', 'State', 'Last used']} />
    </>
  )
}
