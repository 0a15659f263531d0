import type { Name } from '../analysis/names'
import type { Doubts, NameScope } from '../catalog'
import type { Graph, Node } from './graph'
import type { CatalogRows, FunctionRef } from './snapshot'

type Visit = { readonly does: 'call' | 'read' | 'write'; readonly node: Node }

/**
 * What may change what names mean, or what a session has set: code that is not known not to. The words of a body are looked at and not its
 * grammar: it is taken to call and to write everything that it has a word of.
 */
export class Unrest {
  readonly #triggers = new Map<number, FunctionRef[]>()
  readonly #cascades = new Map<number, number[]>()
  readonly #rules: ReadonlySet<number>
  readonly #relations = new Map<number, Node>()
  readonly #known = new Map<string, boolean>()
  #hidden: boolean | null = null

  constructor(
    private readonly graph: Graph,
    rows: CatalogRows,
    private readonly doubts: (node: Node) => Doubts,
    private readonly everywhere: Doubts,
  ) {
    for (const [relation, func] of rows.triggers) add(this.#triggers, relation, func)
    for (const [from, to] of rows.cascades) add(this.#cascades, from, to)
    this.#rules = new Set(rows.rules)
    for (const node of graph.everyRelation) if (node.is === 'relation') this.#relations.set(node.row.oid, node)
  }

  ofCalling(name: Name, scope: NameScope): boolean {
    return this.#once(`call ${scope}`, name, () =>
      this.graph.calls(name, scope).map((node): Visit => ({ does: node.is === 'routine' ? 'call' : 'read', node })),
    )
  }

  ofWriting(name: Name, scope: NameScope): boolean {
    return this.#once(`write ${scope}`, name, () =>
      this.graph.relations(name, scope).map((node): Visit => ({ does: 'write', node })),
    )
  }

  #once(what: string, { schema, name }: Name, visits: () => readonly Visit[]): boolean {
    const key = JSON.stringify([what, schema, name])
    let unrest = this.#known.get(key)
    if (unrest === undefined) {
      const first = visits()
      unrest = first.length > 0 && (this.#anyHidden() || this.#anyFrom(first))
      // What is not there is asked for under names without end.
      if (first.length > 0) this.#known.set(key, unrest)
    }
    return unrest
  }

  /** What a body runs without a word of it: operators, casts, types. Whether one does is not looked at. */
  #anyHidden(): boolean {
    this.#hidden ??= this.everywhere.length > 0 || this.graph.wordless.some((node) => this.doubts(node).length > 0)
    return this.#hidden
  }

  #anyFrom(first: readonly Visit[]): boolean {
    const seen = new Set<string>()
    const visits: Visit[] = []
    const visit = (next: Visit) => {
      const key = `${next.does} ${next.node.is} ${keyOf(next.node)}`
      if (!seen.has(key)) visits.push(next)
      seen.add(key)
    }
    for (const next of first) visit(next)
    // A list is walked in order, also through what is added meanwhile.
    for (const { does, node } of visits) {
      if (does === 'call' ? this.#calling(node, visit) : this.#reaching(does, node, visit)) return true
    }
    return false
  }

  #calling(node: Node, visit: (next: Visit) => void): boolean {
    if (this.doubts(node).length === 0) return false
    if (node.is !== 'routine') return true
    const { mentions, uses, defaults } = node.row
    if ((mentions === null && uses.length === 0) || defaults?.includes('(')) return true
    for (const func of uses) if (this.#function(func, visit)) return true
    for (const name of mentions ?? []) {
      const named = { schema: null, name }
      for (const found of this.graph.calls(named, 'session'))
        visit({ does: found.is === 'routine' ? 'call' : 'read', node: found })
      for (const found of this.graph.relations(named, 'session')) visit({ does: 'write', node: found })
    }
    return false
  }

  #reaching(does: 'read' | 'write', node: Node, visit: (next: Visit) => void): boolean {
    if (this.doubts(node).length > 0) return true
    if (does === 'read' || node.is !== 'relation') return false
    const { oid, kind } = node.row
    if (kind === 'v' || this.#rules.has(oid)) return true
    for (const func of this.#triggers.get(oid) ?? []) if (this.#function(func, visit)) return true
    for (const to of this.#cascades.get(oid) ?? []) {
      const child = this.#relations.get(to)
      if (child === undefined) return true
      visit({ does: 'write', node: child })
    }
    for (const part of this.graph.partsOf(node.row)) if (part.is === 'relation') visit({ does: 'write', node: part })
    return false
  }

  /** The server's own do nothing of the kind as triggers, defaults or parts of an aggregate. */
  #function(func: FunctionRef, visit: (next: Visit) => void): boolean {
    if (typeof func === 'string') return false
    const node = this.graph.routine(func)
    if (node === null) return true
    visit({ does: 'call', node })
    return false
  }
}

const keyOf = ({ is, row }: Node): string => (is === 'operator' ? `${row.schema}.${row.name}` : String(row.oid))

function add<T>(map: Map<number, T[]>, key: number, item: T): void {
  const items = map.get(key)
  if (items) items.push(item)
  else map.set(key, [item])
}
