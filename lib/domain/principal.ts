import type { PrincipalId, RunId, SignInId, TokenId } from './ids'

export type PrincipalKind = 'person' | 'agent' | 'service'

/** Whoever acts. An agent always has a human owner who answers for it. */
export interface Principal {
  readonly id: PrincipalId
  readonly kind: PrincipalKind
  readonly name: string
  /** Set for persons only. */
  readonly email: string | null
  /** The human behind an agent or service; null for persons. */
  readonly ownerId: PrincipalId | null
  readonly groups: readonly string[]
}

export const ROLES = ['admin', 'approver', 'auditor', 'engineer'] as const
export type Role = (typeof ROLES)[number]

/** How the actor proved who it is: decides what a stolen proof is good for. */
export type Via =
  | { kind: 'sign-in'; signInId: SignInId }
  | { kind: 'token'; tokenId: TokenId; runId: RunId | null }
  | { kind: 'operator' }
  | { kind: 'system' }

/** Who calls a service: a principal, its roles, and how it got here. */
export interface Actor {
  readonly principal: Principal
  readonly roles: ReadonlySet<Role>
  readonly via: Via
}
