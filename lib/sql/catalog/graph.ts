import { type Name, printName } from '../analysis/names'
import type { NameScope } from '../catalog'
import { ByName } from './names'
import { isHarmlessRelation, isHarmlessRoutine, isOwn } from './own'
import type { CatalogRows, FunctionRef, OperatorRow, RelationRow, RoutineRow, TypeRow } from './snapshot'

/** One thing of a snapshot that may run code. */
export type Node =
  | ({ readonly is: 'relation' | 'row type' | 'definition' } & Named & { readonly row: RelationRow })
  | ({ readonly is: 'routine' } & Named & { readonly row: RoutineRow })
  | ({ readonly is: 'operator' } & Named & { readonly row: OperatorRow })
  | ({ readonly is: 'type' } & Named & { readonly row: TypeRow })

interface Named {
  readonly schema: string
  readonly name: string
}

/** Things of a snapshot by name and by number. */
export class Graph {
  readonly everyRelation: readonly Node[]
  /** What runs without a name of it in the text. */
  readonly wordless: readonly Node[]
  readonly #relations: ByName<Node>
  readonly #rowTypes: ByName<Node>
  readonly #definitions: ByName<Node>
  readonly #routines: ByName<Node>
  readonly #operators: ByName<Node>
  readonly #types: ByName<Node>
  readonly #routineOf = new Map<number, Node>()
  readonly #typeOf = new Map<number, Node>()
  readonly #children = new Map<number, Node[]>()
  readonly #casts = new Map<number, FunctionRef[]>()
  readonly #rowTypeOf = new Map<RelationRow, Node>()
  readonly #definitionOf = new Map<RelationRow, Node>()
  /** What the server has under a name that is known as harmless, and is no longer as it was installed: anything of it may use that. */
  readonly replaced: readonly Node[]

  constructor(rows: CatalogRows) {
    const relations = rows.relations.map((row) => node('relation', row))
    const rowTypes = rows.relations.map((row) => node('row type', row))
    const definitions = rows.relations
      .filter(({ kind }) => kind === 'v' || kind === 'm')
      .map((row) => node('definition', row))
    const routines = rows.routines.map((row): Node => ({ is: 'routine', schema: row.schema, name: row.name, row }))
    const types = rows.types.map((row): Node => ({ is: 'type', schema: row.schema, name: row.name, row }))
    this.#relations = new ByName(relations)
    this.#rowTypes = new ByName(rowTypes)
    this.#definitions = new ByName(definitions)
    this.#routines = new ByName(routines)
    this.#types = new ByName(types)
    const operators = rows.operators.map((row): Node => ({ is: 'operator', schema: row.schema, name: row.name, row }))
    this.#operators = new ByName(operators)
    this.everyRelation = relations
    this.wordless = [...operators, ...types]
    for (const relation of relations) for (const parent of parentsOf(relation)) add(this.#children, parent, relation)
    for (const rowType of rowTypes) {
      if (rowType.is !== 'row type') continue
      this.#rowTypeOf.set(rowType.row, rowType)
      if (rowType.row.rowType !== 0) this.#typeOf.set(rowType.row.rowType, rowType)
    }
    for (const definition of definitions)
      if (definition.is === 'definition') this.#definitionOf.set(definition.row, definition)
    for (const routine of routines) if (routine.is === 'routine') this.#routineOf.set(routine.row.oid, routine)
    for (const type of types) if (type.is === 'type') this.#typeOf.set(type.row.oid, type)
    this.replaced = [...relations, ...routines].filter(isReplaced)
    for (const [source, target, func] of rows.casts) for (const type of [source, target]) add(this.#casts, type, func)
  }

  relations(name: Name, scope: NameScope): readonly Node[] {
    return this.#relations.find(name, scope)
  }

  definitions(name: Name, scope: NameScope): readonly Node[] {
    return this.#definitions.find(name, scope)
  }

  /** Functions, and types that a call of their name converts to. */
  calls(name: Name, scope: NameScope): readonly Node[] {
    return [...this.#routines.find(name, scope), ...this.types(name, scope)]
  }

  callsOfOne(name: string): readonly Node[] {
    return this.calls({ schema: null, name }, 'session').filter((called) => called.is !== 'routine' || called.row.ofOne)
  }

  operators(name: Name, scope: NameScope): readonly Node[] {
    return this.#operators.find(name, scope)
  }

  types(name: Name, scope: NameScope): readonly Node[] {
    return [...this.#types.find(name, scope), ...this.#rowTypes.find(name, scope)]
  }

  routine(oid: number): Node | null {
    return this.#routineOf.get(oid) ?? null
  }

  type(oid: number): Node | null {
    return this.#typeOf.get(oid) ?? null
  }

  castsOf(type: number): readonly FunctionRef[] {
    return this.#casts.get(type) ?? []
  }

  /** What belongs to a relation: its row type, the definition of a view, partitions and other children. */
  partsOf(row: RelationRow): readonly Node[] {
    const rowType = this.#rowTypeOf.get(row)
    const definition = row.kind === 'v' ? this.#definitionOf.get(row) : undefined
    return [...(rowType ? [rowType] : []), ...(definition ? [definition] : []), ...(this.#children.get(row.oid) ?? [])]
  }
}

function node(is: 'relation' | 'row type' | 'definition', row: RelationRow): Node {
  return { is, schema: row.schema, name: row.name, row }
}

function isReplaced(node: Node): boolean {
  if (node.is === 'relation') return isOwn(node.row.oid) && isHarmlessRelation(node)
  return node.is === 'routine' && isOwn(node.row.oid) && isHarmlessRoutine(node)
}

const parentsOf = (relation: Node): readonly number[] => (relation.is === 'relation' ? relation.row.parents : [])

function add<T>(map: Map<number, T[]>, key: number, item: T): void {
  const items = map.get(key)
  if (items) items.push(item)
  else map.set(key, [item])
}

export const printNode = (named: Node): string => `${named.is} ${printName(named)}`
