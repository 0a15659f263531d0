import { LIMITS } from '../../domain/limits'
import { createFactsOf, type FactsOf } from '../../sql/facts'

/** PostgreSQL's grammar, loaded when it is first asked for, once in a process. */
export const grammar: () => Promise<FactsOf> = (() => {
  let loading: Promise<FactsOf> | undefined
  return () => {
    loading ??= createFactsOf(LIMITS)
    return loading
  }
})()
