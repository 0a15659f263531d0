import type { Limits } from '../../domain/limits'
import { createFactsOf, type FactsOf } from '../../sql/facts'

/** PostgreSQL's grammar, loaded when it is first asked for, once in a process, whose limits are the same all along. */
export const grammar: (limits: Limits) => Promise<FactsOf> = (() => {
  let loading: Promise<FactsOf> | undefined
  return (limits) => {
    loading ??= createFactsOf(limits)
    return loading
  }
})()
