/** A node of a parse tree. */
export type Tree = Readonly<Record<string, unknown>>

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The node inside a wrapper such as `{ String: { sval } }`, if it is of that type. */
export function unwrap(value: unknown, type: string): Tree | null {
  const node = isTree(value) ? value[type] : undefined
  return isTree(node) ? node : null
}

/** The string of a String node. An empty one has no field. */
export function stringOf(value: unknown): string | null {
  const node = unwrap(value, 'String')
  return node ? (textOf(node.sval) ?? '') : null
}

/** The strings of a list of String nodes; null when it holds anything else. */
export function stringsOf(value: unknown): string[] | null {
  const found: string[] = []
  for (const item of listOf(value)) {
    const text = stringOf(item)
    if (text === null) return null
    found.push(text)
  }
  return found
}

/** The string of a constant, such as 'x'; null for anything else. */
export function constantString(value: unknown): string | null {
  const constant = unwrap(value, 'A_Const')
  if (!constant || !isTree(constant.sval)) return null
  return textOf(constant.sval.sval) ?? ''
}
