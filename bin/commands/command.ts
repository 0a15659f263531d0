import type { Env } from '#lib/config/env'

/** One verb of the command line: `bin/commands/<verb>.ts` exports it as `command`. */
export interface Command {
  /** What follows `sallyport`, such as `token create --agent NAME [--ttl 1h]`; one line a form. */
  readonly usage: readonly string[]
  /** `args` is what stands behind the verb. Throws UsageError for wrong usage, anything else when it is refused or fails. */
  run(args: readonly string[], env: Env): Promise<void>
}

/** Ends the command line with exit code 2 and the verb's usage. */
export class UsageError extends Error {
  override name = 'UsageError'
}
