import type { ComponentProps } from 'react'
import { cn } from '../cn'

interface TableProps extends ComponentProps<'table'> {
  /** Rows answer to the pointer because they open something. */
  picks?: true
  /** First and last cells sit on the page's margin. */
  paged?: true
  /** Rows of two lines, 48 px. */
  roomy?: true
}

/**
 * A plain table with the house's heights and hairlines. Give cells `num` for right-aligned figures and `wide` for what a phone
 * does without. A selected row has `data-selected`.
 */
export function Table({ picks, paged, roomy, className, ...props }: TableProps) {
  return <table className={cn('table', picks && 'picks', paged && 'paged', roomy && 'roomy', className)} {...props} />
}

interface CellProps {
  num?: true
  wide?: true
}

export function Th({ num, wide, className, ...props }: ComponentProps<'th'> & CellProps) {
  return <th scope="col" className={cn(num && 'num', wide && 'wide', className)} {...props} />
}

export function Td({ num, wide, className, ...props }: ComponentProps<'td'> & CellProps) {
  return <td className={cn(num && 'num', wide && 'wide', className)} {...props} />
}
