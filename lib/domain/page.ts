/** One page of a listing, newest first unless said otherwise. `nextCursor` is opaque; null on the last page. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface PageInput {
  readonly cursor?: string | undefined
  /** 1 to 200; 50 when absent. */
  readonly limit?: number | undefined
}
