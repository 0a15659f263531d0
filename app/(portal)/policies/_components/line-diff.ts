/** One line of a comparison. `left` and `right` are its numbers, from 1; null where it does not stand. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  readonly left: number | null
  readonly right: number | null
  readonly text: string
}

/** Lines that stand around a change. */
const CONTEXT = 3
/** Beyond this many pairs of lines a comparison line by line costs more than it tells. */
const MAX_PAIRS = 4_000_000

/** What turns `before` into `after`, line by line, as short as can be; all lines of both, in order. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const left = linesOf(before)
  const right = linesOf(after)
  let head = 0
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1
  let tail = 0
  while (
    tail < Math.min(left.length, right.length) - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail += 1
  const middle = compare(left.slice(head, left.length - tail), right.slice(head, right.length - tail))
  const kinds = [...Array<'same'>(head).fill('same'), ...middle, ...Array<'same'>(tail).fill('same')]
  return numbered(kinds, left, right)
}

/** The changed lines with those around them; a stretch that is left out is null. */
export function changedParts(lines: readonly DiffLine[]): readonly (DiffLine | null)[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
  )
  return lines.flatMap((line, index) => {
    if (near[index]) return [line]
    return index === 0 || near[index - 1] ? [null] : []
  })
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** By the longest common subsequence; of what differs, the removed lines come first. */
function compare(left: readonly string[], right: readonly string[]): readonly DiffLine['kind'][] {
  if (left.length * right.length > MAX_PAIRS)
    return [...left.map(() => 'removed' as const), ...right.map(() => 'added' as const)]
  const width = right.length + 1
  const common = new Uint32Array((left.length + 1) * width)
  const at = (l: number, r: number) => common[l * width + r] ?? 0
  for (let l = left.length - 1; l >= 0; l--)
    for (let r = right.length - 1; r >= 0; r--)
      common[l * width + r] = left[l] === right[r] ? at(l + 1, r + 1) + 1 : Math.max(at(l + 1, r), at(l, r + 1))
  const kinds: DiffLine['kind'][] = []
  let l = 0
  let r = 0
  while (l < left.length || r < right.length) {
    if (l < left.length && r < right.length && left[l] === right[r]) {
      kinds.push('same')
      l += 1
      r += 1
    } else if (r === right.length || (l < left.length && at(l + 1, r) >= at(l, r + 1))) {
      kinds.push('removed')
      l += 1
    } else {
      kinds.push('added')
      r += 1
    }
  }
  return kinds
}

function numbered(kinds: readonly DiffLine['kind'][], left: readonly string[], right: readonly string[]): DiffLine[] {
  let l = 0
  let r = 0
  return kinds.map((kind) => {
    if (kind !== 'added') l += 1
    if (kind !== 'removed') r += 1
    return {
      kind,
      left: kind === 'added' ? null : l,
      right: kind === 'removed' ? null : r,
      text: (kind === 'added' ? right[r - 1] : left[l - 1]) ?? '',
    }
  })
}
