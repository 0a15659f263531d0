import { PageHeader } from '#ui/section'
import { TableSkeleton } from '#ui/skeleton'

export default function SessionsLoading() {
  return (
    <>
      <PageHeader title="Sessions" />
      <TableSkeleton
        heads={['Who', 'For', 'Connection', 'Started', 'Lasted', 'Statements', 'Verdicts', 'State']}
        rows={16}
      />
    </>
  )
}
