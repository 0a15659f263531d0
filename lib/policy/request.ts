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

/** What is known of a name that leaves its schema to the search path. Made by `nameSpace`. */
export interface NameSpace {
  /** Short, and equal only where `schemasOf` answers alike. */
  readonly key: string
  /** Schemas in which the target may find the relation, both as facts print them; null: it may be any. */
  schemasOf(relation: string): readonly string[] | null
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
