import type { DryRunRequest, DryRunResult } from '../services/policies/dry-run/dry-run-items'

export interface DryRunStart {
  readonly storeUrl: string
  readonly request: DryRunRequest
}

/** How far it is, and at last what came of it. */
export type DryRunAnswer = { readonly judged: number } | { readonly result: DryRunResult }
