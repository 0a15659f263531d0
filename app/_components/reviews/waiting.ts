/** A review that waits for the reader's decision. */
export interface WaitingReview {
  readonly id: string
  /** What it would do: "Delete from orders". */
  readonly title: string
  readonly who: string
  readonly connection: string
}

/** What waits for the reader: the newest few, and how many there are. */
export interface Waiting {
  readonly count: number
  readonly newest: readonly WaitingReview[]
}

export const NOTHING_WAITS: Waiting = { count: 0, newest: [] }

/** Those that were not there before. */
export function arrivals(before: Waiting, after: Waiting): readonly WaitingReview[] {
  const known = new Set(before.newest.map(({ id }) => id))
  return after.newest.filter(({ id }) => !known.has(id))
}

/** `(3) Inbox · Sallyport`; without a number when nothing waits. */
export function badgedTitle(title: string, count: number): string {
  const plain = title.replace(/^\(\d+\+?\) /, '')
  if (count === 0) return plain
  return `(${count > 99 ? '99+' : count}) ${plain}`
}
