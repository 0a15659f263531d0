import type { KnownFacts } from '../domain/sql-facts'
import type { Catalog } from './catalog'
import type { TouchedNames } from './touched-names'

/** What gives a text its meaning besides itself. One object for as long as none of it changes. */
export interface Reading {
  /** null: not known. */
  readonly catalog: Catalog | null
  /** `standard`: the target confirmed standard_conforming_strings=on. Otherwise a backslash may mean anything. */
  readonly strings: 'standard' | 'unsettled'
  /** `utf8`: the target reads the text as UTF-8. Otherwise what is beyond ASCII may mean anything. */
  readonly encoding: 'utf8' | 'unsettled'
}

/** The facts of a text, with what is worth having at hand: one object for all texts that differ in plain whole numbers only. */
export interface StatementFacts extends KnownFacts {
  /** `read` only where nothing changes and nothing becomes permanent: COMMIT is read-only and yet a `write`. */
  readonly effect: 'read' | 'write'
  /** Statements in the text. Where the grammar does not understand it: an upper bound by its semicolons. */
  readonly statements: number
  readonly parsed: boolean
  /** Prepared statements and cursors that it makes or drops by SQL; null for nearly every text. */
  readonly touches: TouchedNames | null
  /** Prepared statements and cursors of other texts that it runs; null for nearly every text. They make it opaque. */
  readonly runs: { readonly statements: readonly string[]; readonly cursors: readonly string[] } | null
  /** Relations it names that the catalog does not have: the snapshot may be old. */
  readonly unknownRelations: readonly string[]
  /** It may change what names mean, or what the session has set, beyond what its text says. */
  readonly unsettles: boolean
  /** Why it is not clear, in words. */
  readonly because: readonly string[]
}
