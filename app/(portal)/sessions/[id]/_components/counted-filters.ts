/** How many of the table's filters are set. */
export function countedFilters({ q, verdict }: { q: string; verdict: string | null }): number {
  return (q.trim() === '' ? 0 : 1) + (verdict === null ? 0 : 1)
}
