import { z } from 'zod'
import { CONTROL_CHANNEL, type ControlSignal } from '#lib/domain/signals'
import type { SignalPort } from '../core/ports'

export interface ControlActions {
  /** The right of live sessions to go on may have changed. */
  recheck(): void
  /** A connection test waits. */
  runTests(): void
  /** Another set of policies is in force. */
  policiesChanged(): void
  /** Somebody decided about a review. */
  reviewDecided(): void
}

const kindOf = z.object({ kind: z.string() })
const RUN_TEST: ControlSignal['kind'] = 'run-test'
const POLICIES: ControlSignal['kind'] = 'policies-changed'
const REVIEW: ControlSignal['kind'] = 'review-decided'
const CHANGES: ReadonlySet<string> = new Set<ControlSignal['kind']>([
  'token-revoked',
  'signed-out',
  'principal-disabled',
  'connection-changed',
  'end-session',
])

/**
 * Acts on control signals. None is believed: each only says where to look, so that whoever can send one gains nothing by it. Cancel
 * requests are the protocols' own and carry their proof.
 */
export function followControl(signals: SignalPort, actions: ControlActions): Promise<() => void> {
  return signals.subscribe(CONTROL_CHANNEL, (payload) => {
    const kind = kindIn(payload)
    if (CHANGES.has(kind)) actions.recheck()
    else if (kind === RUN_TEST) actions.runTests()
    else if (kind === POLICIES) actions.policiesChanged()
    else if (kind === REVIEW) actions.reviewDecided()
  })
}

/** Empty when it is not a signal. */
function kindIn(payload: string): string {
  try {
    return kindOf.parse(JSON.parse(payload)).kind
  } catch {
    return ''
  }
}
