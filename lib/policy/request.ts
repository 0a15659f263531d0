import type { OperationType } from '../domain/event'
import type { Principal } from '../domain/principal'
import type { KnownFacts } from '../domain/sql-facts'

/** What stays the same over a session: who acts, on whose behalf, on what, from where. */
export interface PolicySession {
  readonly principal: Principal
  /** The human behind it; for a person the person. */
  readonly onBehalfOf: Principal
  readonly connection: {
    readonly name: string
    readonly protocol: string
    readonly tags: Readonly<Record<string, string>>
  }
  readonly database: string
  readonly targetUser: string
  readonly client: { readonly address: string; readonly application: string }
  readonly run: { readonly id: string; readonly label: string } | null
}

/** What is known of a name that leaves its schema to the search path. */
export interface NameSpace {
  /** Equal only where `schemasOf` answers alike. */
  readonly key: string
  /** Schemas in which the target may find the relation. */
  schemasOf(name: string): readonly string[]
}

export interface PolicyOperation {
  readonly type: OperationType
  readonly facts: Pick<KnownFacts, 'facts' | 'key'> | null
  /** Groups whose members approved this very operation, as many as were demanded. */
  readonly approvedBy: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly names: NameSpace
}

/** Where the catalog and the search path are not known: the usual search path is assumed. */
export const USUAL_NAMES: NameSpace = { key: 'usual', schemasOf: () => ['public'] }
