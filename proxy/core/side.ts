import { SallyportError } from '#lib/domain/errors'
import type { Authorized, Gate, Permit, Upstream } from './ports'
import type { Dial } from './session-ports'

/**
 * A connection beside a session's own, to the same target and by the same proof: for what the gateway itself must ask there. What goes
 * to it is recorded in the session that asks, before it is sent.
 */
export interface Side {
  readonly upstream: Upstream
  /** Sends once the intent of `permit` survives power loss; `gate.opening` is for the handshake. Rejects when nothing may be sent. */
  send(permit: Permit, bytes: Uint8Array): Promise<void>
}

export type OpenSide = (access: Authorized, gate: Gate, signal: AbortSignal) => Promise<Side>

export function sides(dial: Dial): OpenSide {
  return async (access, gate, signal) => {
    if (gate.ending !== null) throw new SallyportError('unavailable', 'The session has ended.')
    const { upstream, writer } = await dial(access, AbortSignal.any([gate.signal, signal]))
    return {
      upstream,
      async send(permit, bytes) {
        await gate.recorded(permit)
        writer.write(bytes)
      },
    }
  }
}
