import type { Name } from '../analysis/names'
import type { Doubts, Meanings, NameScope } from '../catalog'
import type { Graph, Node } from './graph'

const NO_DOUBTS: Doubts = []

/** Collects what names stand for, and judges nothing of it. */
export class Links implements Meanings {
  readonly everywhere = NO_DOUBTS
  readonly eventTriggers = false
  readonly nodes = new Set<Node>()

  constructor(private readonly graph: Graph) {}

  relation(name: Name, scope: NameScope): Doubts | null {
    return this.add(this.graph.relations(name, scope))
  }

  definition(name: Name, scope: NameScope): Doubts | null {
    return this.add(this.graph.definitions(name, scope))
  }

  call(name: Name, scope: NameScope): Doubts | null {
    return this.add(this.graph.calls(name, scope))
  }

  callOfOne(name: string): Doubts {
    return this.add(this.graph.callsOfOne(name)) ?? NO_DOUBTS
  }

  operator(name: Name, scope: NameScope): Doubts | null {
    return this.add(this.graph.operators(name, scope))
  }

  type(name: Name, scope: NameScope): Doubts | null {
    return this.add(this.graph.types(name, scope))
  }

  callUnsettles(): boolean {
    return false
  }

  writingUnsettles(): boolean {
    return false
  }

  /** null when there is nothing. */
  add(nodes: readonly Node[]): Doubts | null {
    for (const node of nodes) this.nodes.add(node)
    return nodes.length > 0 ? NO_DOUBTS : null
  }
}
