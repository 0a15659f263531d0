import { SallyportError } from '#lib/domain/errors'
import { printable } from './handshake-refusal'

/**
 * Why a target did not take the gateway in. `message` is for the client and names nothing of the target's; `report` is for the
 * admin who tests the connection; `code` is the SQLSTATE that the client gets.
 */
export class TargetFailure extends SallyportError {
  readonly sqlState: string
  readonly report: string
  /** The target said no before it asked for a credential: a TLS mode with a fallback may try the other way. */
  readonly early: boolean

  constructor(options: { sqlState: string; message: string; report?: string; early?: boolean; cause?: unknown }) {
    super('target_refused', options.message, { cause: options.cause })
    this.sqlState = options.sqlState
    this.report = options.report ?? options.message
    this.early = options.early ?? false
  }
}

const CONNECTION_FAILURE = '08006'
const NOT_AUTHENTICATED = '28000'

/** A failure of the connection or of TLS. */
export function connectionFailure(message: string, cause?: unknown): TargetFailure {
  return new TargetFailure({ sqlState: CONNECTION_FAILURE, message, cause })
}

/** A target that behaves as no honest server does, or as this connection does not allow. */
export function authenticationFailure(message: string): TargetFailure {
  return new TargetFailure({ sqlState: NOT_AUTHENTICATED, message })
}

/** Any error of a sign-in as a TargetFailure. */
export function asTargetFailure(error: unknown): TargetFailure {
  if (error instanceof TargetFailure) return error
  if (error instanceof SallyportError) return connectionFailure(error.message, error)
  return connectionFailure('the target could not be signed in to', error)
}

/** An ErrorResponse that ended the sign-in, in words for the client that leave the target's own text out. */
export function refusedByTarget(code: string, text: string, early: boolean): TargetFailure {
  const state = /^[0-9A-Z]{5}$/.test(code) ? code : 'XX000'
  const [sqlState, words] = wordsFor(state)
  return new TargetFailure({
    sqlState,
    message: `${words} (SQLSTATE ${state})`,
    report: `refused by the target: ${state} ${printable(text)}`,
    early,
  })
}

function wordsFor(state: string): readonly [string, string] {
  if (state === '3D000') return [state, 'the target has no such database']
  if (state === '53300') return [state, 'the target takes no more connections']
  if (state === '57P03') return [state, 'the target is starting up or shutting down']
  if (state === '42501') return [NOT_AUTHENTICATED, "the gateway's user may not connect to that database"]
  if (state.startsWith('28')) return [NOT_AUTHENTICATED, "the target did not accept the gateway's credentials"]
  if (state.startsWith('22') || state.startsWith('42')) return ['22023', 'the target refused a startup parameter']
  return [CONNECTION_FAILURE, 'the target refused the connection']
}
