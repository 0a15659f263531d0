/** One demand of a policy: `quorum` different humans of `group` must approve. */
export interface HoldDemand {
  /** The policy's id. */
  readonly policy: string
  /** A group of the identity provider, or `role:approver` for everybody who has that role. */
  readonly group: string
  readonly quorum: number
  /** The policy's `@reason`. */
  readonly reason: string
}

/** How far an approval reaches: this once, or a grant for the same shape of statement. */
export type ApprovalScope =
  | { readonly kind: 'once' }
  | { readonly kind: 'run' }
  | { readonly kind: 'minutes'; readonly minutes: number }
