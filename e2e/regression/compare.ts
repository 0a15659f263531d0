/** A line that differs between direct and through, with where it stands. */
export interface Difference {
  readonly test: string
  readonly direct: readonly string[]
  readonly through: readonly string[]
}

/** Lines of `left` and `right` that the other does not have, as multisets: independent of how far a shift reaches. */
function lineDifference(left: string, right: string): { left: string[]; right: string[] } {
  const count = new Map<string, number>()
  for (const line of left.split('\n')) count.set(line, (count.get(line) ?? 0) + 1)
  for (const line of right.split('\n')) count.set(line, (count.get(line) ?? 0) - 1)
  const onlyLeft: string[] = []
  const onlyRight: string[] = []
  for (const [line, balance] of count) {
    for (let i = 0; i < balance; i++) onlyLeft.push(line)
    for (let i = 0; i > balance; i--) onlyRight.push(line)
  }
  return { left: onlyLeft, right: onlyRight }
}

/**
 * Compares two runs. What already differs between two direct runs (`noise`: object ids, plans, times) cannot be blamed on the
 * gateway: such lines are compared by their shape, with digits folded.
 */
export function compareRuns(
  direct: ReadonlyMap<string, string>,
  again: ReadonlyMap<string, string>,
  through: ReadonlyMap<string, string>,
): Difference[] {
  const found: Difference[] = []
  for (const [test, text] of direct) {
    const noise = lineDifference(text, again.get(test) ?? '')
    const noisy = new Set([...noise.left, ...noise.right].map(shape))
    const difference = lineDifference(text, through.get(test) ?? '')
    const unexplained = (line: string) => !noisy.has(shape(line))
    const left = difference.left.filter(unexplained)
    const right = difference.right.filter(unexplained)
    if (left.length || right.length) found.push({ test, direct: left, through: right })
  }
  return found
}

function shape(line: string): string {
  return line.replaceAll(/\d+/g, '0').replaceAll(/[ -]{2,}/g, ' ')
}
