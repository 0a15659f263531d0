import type { Denial } from '#lib/domain/denial'
import { type ErrorCode, SallyportError } from '#lib/domain/errors'
import type { EndReason } from '#lib/domain/event'
import type { SessionEnd } from './ports'

const REASONS: Partial<Record<ErrorCode, EndReason>> = {
  target_unreachable: 'target-unreachable',
  target_refused: 'target-unreachable',
  target_address_refused: 'target-unreachable',
  secret_unreadable: 'target-unreachable',
  protocol_violation: 'protocol-violation',
  limit_exceeded: 'limit-exceeded',
  unavailable: 'recording-unavailable',
}

const UNEXPECTED = 'the gateway failed unexpectedly; its log has the details'

/** What a session that ended with an error is recorded to have ended with. Anything unexpected keeps its words for the log. */
export function endOf(error: unknown): SessionEnd {
  if (!(error instanceof SallyportError)) return { reason: 'error', detail: UNEXPECTED }
  return { reason: REASONS[error.code] ?? 'error', detail: error.message }
}

/** What its client reads. */
export function denialOf(error: unknown): Denial {
  return { kind: 'unavailable', reason: error instanceof SallyportError ? error.message : UNEXPECTED }
}
