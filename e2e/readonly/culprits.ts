/** More of one batch would only repeat themselves. */
const MOST = 5

/**
 * The members of a batch that change something, found by running ever shorter beginnings of it: a statement may need what those before it
 * have set. None where it does not happen again.
 */
export async function culprits<T>(
  batch: readonly T[],
  changes: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  const found: T[] = []
  let rest = batch
  while (found.length < MOST && rest.length > 0 && (await changes(rest))) {
    let low = 1
    let high = rest.length
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (await changes(rest.slice(0, middle))) high = middle
      else low = middle + 1
    }
    found.push(...rest.slice(low - 1, low))
    rest = rest.slice(low)
  }
  return found
}
