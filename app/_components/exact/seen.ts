/** Where a unit stands, in pixels from the top of the window. */
export interface Box {
  readonly top: number
  readonly bottom: number
}

/**
 * Marks the units that stand in full between `top` and `bottom`. They stand one below the other, so the first is found by halving.
 * `boxOf` is asked for as few as possible: each question costs a layout. Returns how many are new.
 */
export function markSeen(seen: Uint8Array, boxOf: (index: number) => Box | null, top: number, bottom: number): number {
  let from = 0
  let to = seen.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((boxOf(middle)?.top ?? 0) < top) from = middle + 1
    else to = middle
  }
  let fresh = 0
  for (let index = from; index < seen.length; index++) {
    const box = boxOf(index)
    if (box === null || box.bottom > bottom) break
    if (seen[index] === 0) fresh += 1
    seen[index] = 1
  }
  return fresh
}

/** Units that nobody has seen; the first of them, or -1. */
export function unseenUnits(seen: Uint8Array): { readonly count: number; readonly first: number } {
  let count = 0
  for (const one of seen) if (one === 0) count += 1
  return { count, first: seen.indexOf(0) }
}
