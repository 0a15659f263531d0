import { type Name, printName } from '../analysis/names'
import type { Doubts, Meanings, NameScope } from '../catalog'
import { EXTENSION_SYMBOLS } from '../harmless/extension-symbols'
import { SERVER_SYMBOLS } from '../harmless/server-symbols'
import { Graph, type Node, printNode } from './graph'
import { Links } from './links'
import { isHarmlessName, isOwn } from './own'
import type { CatalogRows, FunctionRef, RelationRow, RoutineRow, TypeRow } from './snapshot'
import { Texts } from './texts'
import { Unrest } from './unrest'

/** What is known of one thing by itself, and what it leads to. */
interface Local {
  readonly doubts: Doubts
  readonly next: ReadonlySet<Node>
}

const NONE: Doubts = []
/** What is worth telling of one thing. One is enough to doubt it. */
const MOST_DOUBTS = 20

/**
 * Judges what a snapshot says, lazily and once each: a relation by its columns' types, its definition, its policies, and what its indexes
 * and constraints call; a function by what it is written in; a type by what reads, shows, compares and converts it. Something is
 * harmless when it and all that it leads to is.
 */
export class Judge implements Meanings {
  readonly everywhere: Doubts
  readonly eventTriggers: boolean
  readonly #graph: Graph
  readonly #unrest: Unrest
  readonly #texts = new Texts()
  readonly #local = new Map<Node, Local>()
  readonly #doubts = new Map<Node, Doubts>()

  constructor(rows: CatalogRows) {
    this.#graph = new Graph(rows)
    const own = rows.casts.filter((cast) => cast.slice(0, 2).every((type) => !this.#graph.type(Number(type))))
    const anywhere = [...rows.everywhere, ...own.map(([, , func]) => ['conversion of types', func] as const)]
    this.everywhere = [
      ...anywhere.flatMap(([occasion, func]) => this.#everywhere(occasion, func)),
      ...this.#graph.replaced.flatMap((node) => this.#judge(node)),
    ]
    this.eventTriggers = rows.eventTriggers.length > 0
    this.#unrest = new Unrest(this.#graph, rows, (node) => this.#judge(node), this.everywhere)
  }

  callUnsettles(name: Name, scope: NameScope): boolean {
    return this.#unrest.ofCalling(name, scope)
  }

  writingUnsettles(name: Name, scope: NameScope): boolean {
    return this.#unrest.ofWriting(name, scope)
  }

  relation(name: Name, scope: NameScope): Doubts | null {
    return this.#all(this.#graph.relations(name, scope))
  }

  definition(name: Name, scope: NameScope): Doubts | null {
    return this.#all(this.#graph.definitions(name, scope))
  }

  call(name: Name, scope: NameScope): Doubts | null {
    return this.#all(this.#graph.calls(name, scope))
  }

  callOfOne(name: string): Doubts {
    return this.#all(this.#graph.callsOfOne(name)) ?? NONE
  }

  operator(name: Name, scope: NameScope): Doubts | null {
    return this.#all(this.#graph.operators(name, scope))
  }

  type(name: Name, scope: NameScope): Doubts | null {
    return this.#all(this.#graph.types(name, scope))
  }

  /** null when there is nothing. */
  #all(nodes: readonly Node[]): Doubts | null {
    return nodes.length === 0 ? null : nodes.flatMap((node) => this.#judge(node))
  }

  #everywhere(occasion: string, func: FunctionRef): Doubts {
    const links = new Links(this.#graph)
    const doubts = [...this.#func(func, links), ...[...links.nodes].flatMap((node) => this.#judge(node))]
    return doubts.map((doubt) => `${occasion}: ${doubt}`)
  }

  #judge(root: Node): Doubts {
    const known = this.#doubts.get(root)
    if (known !== undefined) return known
    const seen = new Set([root])
    const doubts = new Set<string>()
    // A set is walked in the order of its making, also through what is added meanwhile.
    for (const node of seen) {
      const local = this.#look(node)
      for (const doubt of local.doubts) doubts.add(node === root ? doubt : `${printName(root)}: ${doubt}`)
      if (doubts.size >= MOST_DOUBTS) break
      for (const next of local.next) seen.add(next)
    }
    const all = [...doubts]
    this.#doubts.set(root, all)
    return all
  }

  #look(node: Node): Local {
    let local = this.#local.get(node)
    if (local === undefined) {
      const links = new Links(this.#graph)
      const doubts = this.#own(node, links).map((doubt) => `${printNode(node)} ${doubt}`)
      local = { doubts, next: links.nodes }
      this.#local.set(node, local)
    }
    return local
  }

  #own(node: Node, links: Links): Doubts {
    switch (node.is) {
      case 'relation':
        return this.#relation(node.row, links)
      case 'row type':
        return [
          ...this.#ofTypes(node.row.types, links),
          ...this.#graph.castsOf(node.row.rowType).flatMap((func) => this.#func(func, links)),
        ]
      case 'definition':
        return this.#texts.stored(node.row.definition, links)
      case 'routine':
        return this.#routine(node.row, links)
      case 'operator':
        return [
          ...(node.row.func === null ? ['is not complete'] : this.#func(node.row.func, links)),
          ...this.#ofTypes(node.row.types, links),
        ]
      case 'type':
        return this.#type(node.row, links)
    }
  }

  #relation(row: RelationRow, links: Links): Doubts {
    links.add(this.#graph.partsOf(row))
    return [
      ...('rvmpS'.includes(row.kind) ? NONE : ['is a foreign table, which reaches elsewhere']),
      ...row.code.flatMap((func) => this.#func(func, links)),
      ...(row.policies ?? NONE).flatMap((policy) => this.#texts.condition(policy, links)),
    ]
  }

  #type(row: TypeRow, links: Links): Doubts {
    return [
      ...('bcderm'.includes(row.kind) ? NONE : ['is not complete']),
      ...this.#ofTypes(row.inner, links),
      ...[...row.uses, ...this.#graph.castsOf(row.oid)].flatMap((func) => this.#func(func, links)),
      ...row.checks.flatMap((check) => this.#texts.check(check, links)),
    ]
  }

  #ofTypes(types: readonly number[], links: Links): Doubts {
    return types.flatMap((oid) => {
      const type = this.#graph.type(oid)
      if (type === null) return [`has the type ${oid}, which is not known`]
      links.add([type])
      return NONE
    })
  }

  #func(ref: FunctionRef, links: Links): Doubts {
    if (typeof ref === 'string') {
      // One of the server's own that somebody altered is in the snapshot.
      links.call({ schema: 'pg_catalog', name: ref }, 'stored')
      return isHarmlessName(ref) ? NONE : [`calls ${ref}, which is not known to be harmless`]
    }
    const routine = this.#graph.routine(ref)
    if (routine === null) return [`calls function ${ref}, which is not known`]
    links.add([routine])
    return NONE
  }

  #routine(row: RoutineRow, links: Links): Doubts {
    return [
      ...this.#body(row, links),
      ...this.#ofTypes(row.types, links),
      ...row.uses.flatMap((func) => this.#func(func, links)),
      ...(row.defaults === null ? NONE : this.#texts.stored(`SELECT ${row.defaults}`, links)),
    ]
  }

  #body({ oid, language, source, uses }: RoutineRow, links: Links): Doubts {
    // What the server's own functions read of its catalogs is no secret of theirs.
    if (source !== null && language === 'sql')
      return this.#texts.body(source, isOwn(oid) ? 'reading' : 'computing', links)
    if (isOwn(oid) && language === 'c' && SERVER_LIBRARIES.test(source ?? '')) return NONE
    return source !== null && isHarmlessCode(language, source, uses.length) ? NONE : ['is not known to be harmless']
  }
}

/** Libraries that come with the server, for conversions of encodings and for text search: all in them computes and nothing else. */
const SERVER_LIBRARIES = /^\$libdir\/(\w+_and_\w+|euc2004_sjis2004|dict_snowball) /

/** Code of the server or of an extension's library, by its symbol there. An aggregate has none, but functions that it uses. */
function isHarmlessCode(language: string, source: string, uses: number): boolean {
  if (language === 'internal') {
    return isHarmlessName(source) || SERVER_SYMBOLS.has(source) || (source === 'aggregate_dummy' && uses > 0)
  }
  const symbol = language === 'c' ? /^\$libdir\/(\S+) (\S+)$/.exec(source) : null
  return symbol !== null && EXTENSION_SYMBOLS.has(`${symbol[1]}/${symbol[2]}`)
}
