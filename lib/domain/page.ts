/** One page of a listing, newest first unless said otherwise. `nextCursor` is opaque; null on the last page. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}
