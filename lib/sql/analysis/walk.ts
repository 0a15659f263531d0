import { NODE_TABLE } from '../grammar/node-table'
import type { Findings } from './findings'
import { isTree, type Tree } from './tree'

export interface TreeLimits {
  readonly treeDepth: number
  readonly treeNodes: number
}

/** Names of WITH queries that are visible, innermost first. */
export interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | null
}

/** What a relation that is named here is named for. */
export type Role = 'read' | 'write' | 'locked'

/** Looks at a node of its type; visits what is in it by `walk.fields`. */
export type Rule = (walk: Walk, node: Tree) => void
export type Rules = Readonly<Record<string, Rule>>

/** Thrown when a tree exceeds the limits. */
export class TooLarge extends Error {}

/**
 * Walks a parse tree. Every node must be of a known type and have known fields only; rules say what a type means. What is not known
 * makes the statement opaque.
 */
export class Walk {
  scope: Scope | null = null
  role: Role = 'write'
  #depth = 0
  #nodes = 0

  constructor(
    public found: Findings,
    readonly rules: ReadonlyMap<string, Rule>,
    readonly limits: TreeLimits,
  ) {}

  /** Visits a node whose type is known from where it stands. */
  node(type: string, node: Tree): void {
    this.#nodes++
    if (++this.#depth > this.limits.treeDepth || this.#nodes > this.limits.treeNodes) throw new TooLarge()
    const rule = this.rules.get(type)
    if (rule) rule(this, node)
    else this.fields(type, node)
    this.#depth--
  }

  /** Visits every field of a node, or those named. All of its fields must be known either way. */
  fields(type: string, node: Tree, only?: readonly string[]): void {
    const known = NODE_TABLE.get(type)
    for (const field in node) {
      const nested = known?.get(field)
      if (nested === undefined) {
        this.found.opaque.add(`syntax that is not known: ${type}.${field}`)
        continue
      }
      if (only && !only.includes(field)) continue
      const value = node[field]
      if (nested === '') this.value(value)
      else if (isTree(value)) this.node(nested, value)
    }
    if (!known) this.found.opaque.add(`syntax that is not known: ${type}`)
  }

  /** Visits a wrapped node, a list of them, or a scalar. */
  value(value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.value(item)
    } else if (isTree(value)) {
      for (const type in value) {
        const node = value[type]
        if (isTree(node)) this.node(type, node)
        else this.found.opaque.add(`syntax that is not known: ${type}`)
      }
    }
  }

  /** Visits with relations in another role. */
  as(role: Role, visit: () => void): void {
    const before = this.role
    this.role = role
    visit()
    this.role = before
  }

  /** Visits with more names of WITH queries visible. */
  within(scope: Scope | null, visit: () => void): void {
    const before = this.scope
    this.scope = scope
    visit()
    this.scope = before
  }

  /** Visits into other findings. */
  into(found: Findings, visit: () => void): void {
    const before = this.found
    this.found = found
    visit()
    this.found = before
  }
}
