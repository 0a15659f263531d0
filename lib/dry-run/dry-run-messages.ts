import type { DryRunRequest, DryRunResult } from '../services/policies/dry-run/dry-run-items'

export interface DryRunStart {
  readonly storeUrl: string
  readonly request: DryRunRequest
}

export interface DryRunAnswer {
  readonly result: DryRunResult
}
