import { cn } from '../cn'
import { Table, Td, Th } from './table'

/** A bar where text will be. Put several in a `.skeletons` element: it shows them only after 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <span className={cn('skeleton', className)} />
}

const WIDTHS = ['w-3/5', 'w-4/5', 'w-2/5', 'w-3/4', 'w-1/2', 'w-2/3'] as const

interface TableSkeletonProps {
  heads: readonly string[]
  rows?: number
  /** Rows of two lines, as the table that follows. */
  roomy?: true
}

/** Rows of the final height under the final heads. */
export function TableSkeleton({ heads, rows = 8, roomy }: TableSkeletonProps) {
  return (
    <div className="skeletons" role="status">
      <span className="sr-only">Loading</span>
      <Table paged aria-hidden="true" {...(roomy && { roomy })}>
        <thead>
          <tr>
            {heads.map((head) => (
              <Th key={head}>{head}</Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a placeholder have no identity
            <tr key={row}>
              {heads.map((head, column) => (
                <Td key={head}>
                  <Skeleton className={WIDTHS[(row * 2 + column) % WIDTHS.length] ?? 'w-1/2'} />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
