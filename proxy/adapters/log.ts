import pino from 'pino'
import type { Log } from '../core/log'

/**
 * The worker's log: a line of JSON each, written to `to` (a file descriptor or a path) before the call returns, so that a dying
 * worker's last words are in it.
 */
export function openLog(options: { to: number | string; level: string; base: Record<string, unknown> }): Log {
  const destination = pino.destination({ dest: options.to, sync: true, mode: 0o600 })
  return pino(
    {
      level: options.level,
      base: options.base,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: (error: unknown) => describeError(error) },
    },
    destination,
  )
}

const MAX_DEPTH = 4
const MAX_MESSAGE = 500

/**
 * What of an error may be written down: name, code, message, where it came from and its causes. Never the fields that libraries
 * hang on it, which hold queries and their parameters; nor the message of an error that repeats them.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, MAX_MESSAGE)
  const { name, message, stack, cause } = error
  const code = (error as NodeJS.ErrnoException).code
  const repeatsQuery = 'query' in error && 'params' in error
  return {
    name,
    ...(code === undefined ? {} : { code }),
    message: repeatsQuery ? 'a query of the store failed' : message.slice(0, MAX_MESSAGE),
    at: frames(stack),
    ...(cause === undefined || depth >= MAX_DEPTH ? {} : { cause: describeError(cause, depth + 1) }),
  }
}

/** The frames only: the head of a stack repeats the message. */
function frames(stack: string | undefined): string[] {
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
}
