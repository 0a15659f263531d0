import { z } from 'zod'
import { CONTROL_CHANNEL } from '#lib/domain/signals'
import type { SignalPort } from '../core/ports'

export interface ControlActions {
  /** The right of live sessions to go on may have changed. */
  recheck(): void
  /** A connection test waits. */
  runTests(): void
}

const kindOf = z.object({ kind: z.string() })

/**
 * Acts on control signals. None is believed: each only says where to look, so that whoever can send one gains nothing by it. Cancel
 * requests are the protocols' own and carry their proof.
 */
export function followControl(signals: SignalPort, actions: ControlActions): Promise<() => void> {
  return signals.subscribe(CONTROL_CHANNEL, (payload) => {
    switch (kind(payload)) {
      case 'token-revoked':
      case 'signed-out':
      case 'principal-disabled':
      case 'connection-changed':
      case 'end-session':
        return actions.recheck()
      case 'run-test':
        return actions.runTests()
    }
  })
}

function kind(payload: string): string | null {
  try {
    return kindOf.parse(JSON.parse(payload)).kind
  } catch {
    return null
  }
}
