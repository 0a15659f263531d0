import type { StatementKind } from '../../domain/sql-facts'
import { type Name, NameSet } from './names'

/** What a text does beyond its names, as far as the text alone tells. */
export class Findings {
  readonly kinds = new Set<StatementKind>()
  readonly reads = new NameSet()
  readonly writes = new NameSet()
  /** Materialized views whose definition is run. */
  readonly refreshed = new NameSet()
  readonly columns = new Set<string>()
  readonly calls = new NameSet()
  /** Names behind a dot, as in `t.name`: a column, or a call of a function `name(t)`. */
  readonly attributes = new Set<string>()
  readonly operators = new NameSet()
  readonly types = new NameSet()
  readonly settings = new Set<string>()
  readonly objects = new Set<string>()
  readonly unfiltered = new Set<'update' | 'delete'>()
  /** Why it cannot be known what it does. */
  readonly opaque = new Set<string>()
  /** It changes something, whatever its names mean. */
  changes = false
  /** Prepared statements and cursors of other texts that it runs. */
  readonly runsStatements = new Set<string>()
  readonly runsCursors = new Set<string>()
  /** Those that it makes itself before it runs them: what they do is among the findings. */
  readonly ownStatements = new Set<string>()
  readonly ownCursors = new Set<string>()
  /** Names of what stands in FROM, and column references of one part: where they meet, it is a whole row. */
  readonly rangeNames = new Set<string>()
  readonly bareColumns = new Set<string>()

  call(name: Name): void {
    this.calls.add(name)
  }

  /** Names that the text has of its own, for the limit on their number. */
  get nameCount(): number {
    const sets = [this.reads, this.writes, this.columns, this.calls, this.settings]
    return sets.reduce((sum, set) => sum + set.size, 0)
  }

  /** Takes over what `inner` names, but not what it does: it is planned or stored, and not run. */
  addUnrun(inner: Findings): void {
    this.reads.addAll(inner.reads)
    for (const set of ['calls', 'operators', 'types'] as const) this[set].addAll(inner[set])
    for (const set of ['columns', 'attributes', 'opaque', 'rangeNames', 'bareColumns'] as const) {
      for (const item of inner[set]) this[set].add(item)
    }
    for (const name of inner.runsStatements) this.runsStatements.add(name)
    for (const name of inner.runsCursors) this.runsCursors.add(name)
    if (inner.settings.size > 0) this.changes = true
    for (const name of inner.settings) this.settings.add(name)
  }
}
