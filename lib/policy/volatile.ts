import type { Statement } from './parse'
import type { PolicyOperation } from './request'

/** What of the moment the statements look at: answers are kept for that and no longer. */
export interface Volatile {
  readonly time: boolean
  readonly hour: boolean
  readonly weekday: boolean
}

/** Reads it off the trees. A use of `context` as a whole, which could be of anything in it, counts as all. */
export function volatileIn(statements: readonly Statement[]): Volatile {
  const used = new Set<string>()
  for (const { tree } of statements) collect(tree.conditions, used)
  const all = used.has('*')
  return { time: all || used.has('time'), hour: all || used.has('hour'), weekday: all || used.has('weekday') }
}

function collect(node: unknown, used: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, used)
    return
  }
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    const attribute = key === '.' || key === 'has' ? contextAttribute(value) : null
    if (attribute !== null) used.add(attribute)
    else if (key === 'Var' && value === 'context') used.add('*')
    else collect(value, used)
  }
}

function contextAttribute(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const { left, attr } = value as { left?: unknown; attr?: unknown }
  const isContext = typeof left === 'object' && left !== null && 'Var' in left && left.Var === 'context'
  return isContext && typeof attr === 'string' ? attr : null
}

/** Part of a cache key; null: not to be cached. */
export function momentKey(volatile: Volatile, { now }: Pick<PolicyOperation, 'now'>): string | null {
  if (volatile.time) return null
  if (!volatile.hour && !volatile.weekday) return ''
  const at = new Date(now)
  return `${volatile.hour ? at.getUTCHours() : ''}/${volatile.weekday ? at.getUTCDay() : ''}`
}
