import type { SqlFacts, StatementKind } from '../domain/sql-facts'
import type { Findings } from './analysis/findings'
import { type Name, printName } from './analysis/names'
import type { Catalog } from './catalog'
import { knownEffect } from './harmless/known-effects'
import { SERVER_FUNCTIONS } from './harmless/server-functions'
import { INFORMATION_SCHEMA_FUNCTIONS, SERVER_OPERATORS, SERVER_TYPES } from './harmless/server-names'
import type { StatementFacts } from './statement-facts'

const sorted = <T extends string>(values: Iterable<T>): T[] => [...new Set(values)].sort()

/** A function as facts name it: the server's own without their schema. */
const printCall = (name: Name): string =>
  name.schema === 'pg_catalog' ? printName({ ...name, schema: null }) : printName(name)

const SERVER_SCHEMAS = new Set(['pg_catalog', 'pg_toast', 'information_schema'])
/** Without a schema the server looks into its own first, where all names start alike. */
const isServers = ({ schema, name }: Name): boolean =>
  schema === null ? name.startsWith('pg_') : SERVER_SCHEMAS.has(schema)

/** What the names of a text mean adds to what the text alone says. */
class Resolution {
  readonly because: Set<string>
  readonly kinds: Set<StatementKind>
  readonly unknownFunctions = new Set<string>()
  changes: boolean

  constructor(
    private readonly found: Findings,
    private readonly catalog: Catalog | null,
  ) {
    this.because = new Set(found.opaque)
    this.kinds = new Set(found.kinds)
    this.changes = found.changes
  }

  run(): void {
    for (const name of this.found.calls.values()) this.#call(name)
    for (const name of this.found.operators.values()) this.#operator(name)
    for (const name of this.found.types.values()) this.#type(name)
    for (const name of this.found.reads.values()) this.#unsettled(`relation ${printName(name)}`)
    for (const name of this.found.writes.values()) if (isServers(name)) this.#serverRelation(name)
    for (const name of this.found.refreshed.values()) this.because.add(`the definition of ${printName(name)} is run`)
    for (const name of this.found.attributes) if (!SERVER_FUNCTIONS.has(name)) this.#attribute(name)
    for (const name of this.found.runsStatements) this.because.add(`prepared statement ${name} is run`)
    for (const name of this.found.runsCursors) this.because.add(`cursor ${name} is run`)
  }

  #unsettled(what: string): void {
    if (this.catalog === null) this.because.add(`what ${what} is cannot be known without the catalog`)
  }

  /** Whoever writes there needs no GRANT and no SET: names, roles and settings may all be other ones afterwards. */
  #serverRelation(name: Name): void {
    this.kinds.add('system')
    this.because.add(`${printName(name)} is the server’s own, and what it says may change everything`)
  }

  #call(name: Name): void {
    const own = name.schema === 'pg_catalog'
    if (name.schema === 'information_schema' && INFORMATION_SCHEMA_FUNCTIONS.has(name.name)) return
    if (!own && name.schema !== null) this.#unknown(name)
    else if (SERVER_FUNCTIONS.has(name.name) || SERVER_TYPES.has(name.name)) {
      if (!own) this.#unsettled(`function ${name.name}`)
    } else this.#effect(name)
  }

  #effect(name: Name): void {
    const effect = knownEffect(name.name)
    if (effect === null) {
      this.#unknown(name)
      return
    }
    if (effect.kind) this.kinds.add(effect.kind)
    if (effect.kind !== 'set') this.changes = true
    if (name.schema === null) this.#unsettled(`function ${name.name}`)
  }

  #unknown(name: Name): void {
    this.unknownFunctions.add(printCall(name))
    this.because.add(`function ${printName(name)} is not known to be harmless`)
  }

  #operator(name: Name): void {
    if (name.schema !== null && name.schema !== 'pg_catalog')
      this.because.add(`operator ${printName(name)} is not known`)
    else if (!SERVER_OPERATORS.has(name.name)) this.because.add(`operator ${name.name} is not known`)
    else if (name.schema === null) this.#unsettled(`operator ${name.name}`)
  }

  #type(name: Name): void {
    if (name.schema !== null && name.schema !== 'pg_catalog') this.because.add(`type ${printName(name)} is not known`)
    else if (!SERVER_TYPES.has(name.name)) this.because.add(`type ${name.name} is not known`)
    else if (name.schema === null) this.#unsettled(`type ${name.name}`)
  }

  /** `t.name` may call a function. One of the server's that changes something must not hide there. */
  #attribute(name: string): void {
    const effect = knownEffect(name)
    if (effect !== null) this.because.add(`.${name} may be a call of that function`)
  }
}

export function resolve(
  found: Findings,
  statements: number,
  catalog: Catalog | null,
): Pick<StatementFacts, 'facts' | 'runs' | 'unknownRelations' | 'because'> {
  const resolution = new Resolution(found, catalog)
  resolution.run()
  const clear = resolution.because.size === 0
  const facts: SqlFacts = {
    standing: clear ? 'clear' : 'opaque',
    readOnly: clear && !resolution.changes,
    kinds: sorted(resolution.kinds),
    statements,
    reads: sorted(found.reads.printed()),
    writes: sorted(found.writes.printed()),
    columns: sorted(found.columns),
    functions: sorted([...found.calls.values()].map(printCall)),
    unknownFunctions: sorted(resolution.unknownFunctions),
    unfiltered: sorted(found.unfiltered),
    objects: sorted(found.objects),
    settings: sorted(found.settings),
  }
  const runsAny = found.runsStatements.size + found.runsCursors.size > 0
  return {
    facts,
    runs: runsAny ? { statements: sorted(found.runsStatements), cursors: sorted(found.runsCursors) } : null,
    unknownRelations: [],
    because: sorted(resolution.because),
  }
}
