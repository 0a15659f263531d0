import type { StatementTree } from './cedar'

/**
 * Which parts of the context some statements can look at, as `hour` or `sql.reads`. Where they take a whole (`context.run == …`, or
 * something this does not understand) the whole is named; `*` is all of it, `run?` whether it is there.
 */
export type ContextUses = ReadonlySet<string>

export function contextUses(trees: readonly Pick<StatementTree, 'conditions'>[]): ContextUses {
  const used = new Set<string>()
  for (const { conditions } of trees) collect(conditions, used)
  return used
}

/** Whether `path` (`hour`, `sql.reads`) is looked at. */
export function isUsed(uses: ContextUses, path: string): boolean {
  const [part = ''] = path.split('.')
  return uses.has('*') || uses.has(part) || uses.has(path)
}

/** Whether anything of a part (`run`, `client`) is, be it only whether it is there. */
export function anyUsed(uses: ContextUses, part: string): boolean {
  return isUsed(uses, part) || uses.has(`${part}?`) || [...uses].some((path) => path.startsWith(`${part}.`))
}

function collect(node: unknown, used: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, used)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const path = contextPath(node)
  if (path !== null) used.add(`${path.join('.') || '*'}${'has' in node && path.length === 1 ? '?' : ''}`)
  else for (const value of Object.values(node)) collect(value, used)
}

/** The parts that lead from `context` to what the node takes, two at most: `[]` is `context` itself. null: it is something else. */
export function contextPath(node: unknown): readonly string[] | null {
  if (typeof node !== 'object' || node === null) return null
  if ('Var' in node && node.Var === 'context') return []
  const access = '.' in node ? node['.'] : 'has' in node ? node.has : null
  if (typeof access !== 'object' || access === null || !('left' in access) || !('attr' in access)) return null
  const { left, attr } = access
  const from = contextPath(left)
  if (from === null) return null
  const attrs = Array.isArray(attr) ? attr : [attr]
  return [...from, ...attrs.map(String)].slice(0, 2)
}
