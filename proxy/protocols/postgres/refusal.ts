import { type Denial, denialText, heldText } from '#lib/domain/denial'
import type { SallyportError } from '#lib/domain/errors'
import type { HoldNotice } from '#proxy/core/ports'
import { errorResponse, noticeResponse } from './codec/encode'

const CODES = { denied: '42501', rejected: '42501', pending: '42501', expired: '57014', unavailable: '57P03' } as const

const HINTS = {
  denied: 'Nothing of this command reached the target. Repeating it will not help; ask whoever owns the policy.',
  rejected: 'An approver said no and nothing of this command reached the target. Do not send it again as it is.',
  pending: 'Wait until the review is approved, then send exactly the same command again.',
  expired: 'Nobody decided in time. Send the command again to ask anew.',
  unavailable: 'Nothing of this command reached the target. Try again later.',
} as const

/** Nobody could be asked, which may change. */
const HINT_REVIEW =
  'Nothing of this command reached the target, and nobody was asked. The message says what would help.'

/** The ErrorResponse for a refused operation; the connection stays usable. */
export function refusalResponse(denial: Denial, sessionUrl: string | null): Buffer {
  return errorResponse({
    severity: 'ERROR',
    code: CODES[denial.kind],
    message: denialText(denial),
    detail: sessionUrl === null ? undefined : `Session: ${sessionUrl}`,
    hint: denial.kind === 'denied' && denial.policy === 'review' ? HINT_REVIEW : HINTS[denial.kind],
  })
}

/** What a client reads at once while its command waits for people. The result follows, or a refusal. */
export function heldNotice({ review, url }: HoldNotice): Buffer {
  return noticeResponse({
    severity: 'NOTICE',
    code: '00000',
    message: heldText(review, url),
    hint: 'Keep the connection open: the result comes here once it is approved. Cancel the command to take it back.',
  })
}

/** What PostgreSQL says to a command that its client cancelled. */
export function cancelledResponse(): Buffer {
  return errorResponse({ severity: 'ERROR', code: '57014', message: 'canceling statement due to user request' })
}

/** An error of the target in place of a command that was not sent any more. */
export function repeatedError({ code, message }: { readonly code: string; readonly message: string }): Buffer {
  return errorResponse({ severity: 'ERROR', code, message })
}

/** The last words when the gateway ends a session. */
export function endingResponse(denial: Denial, sessionUrl: string | null): Buffer {
  return errorResponse({
    severity: 'FATAL',
    code: '57P03',
    message: denialText(denial),
    detail: sessionUrl === null ? undefined : `Session: ${sessionUrl}`,
    hint: 'The session is over. Connect again once the reason is gone.',
  })
}

/** The last words to a client whose session ends because one of the two peers broke the protocol or a limit. */
export function violationResponse(error: SallyportError, peer: 'client' | 'target'): Buffer {
  const limit = error.code === 'limit_exceeded'
  const denial: Denial =
    peer === 'client'
      ? { kind: 'denied', policy: limit ? 'limit' : 'protocol', reason: error.message }
      : { kind: 'unavailable', reason: error.message }
  return errorResponse({ severity: 'FATAL', code: limit ? '54000' : '08P01', message: denialText(denial) })
}

/** A command that the gateway refuses by itself, whatever policy says. */
export function unsupportedResponse(code: string, reason: string, hint?: string): Buffer {
  return errorResponse({
    severity: 'ERROR',
    code,
    message: denialText({ kind: 'denied', policy: 'gateway', reason }),
    hint,
  })
}
