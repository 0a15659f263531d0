import { SallyportError } from '#lib/domain/errors'

/** A peer broke the protocol: ends its session. `message` says what in a few words, never with the peer's own bytes. */
export function violation(message: string): SallyportError {
  return new SallyportError('protocol_violation', message)
}

/** A peer exceeded a limit: ends its session. */
export function exceeded(message: string): SallyportError {
  return new SallyportError('limit_exceeded', message)
}
