import { z } from 'zod'
import { cutText } from '../../domain/cut-text'
import {
  OPERATION_TYPES,
  type OperationIntended,
  type OperationReviewed,
  type OperationSettled,
} from '../../domain/event'
import { iso, isoTime } from '../timestamps'

export const statementItem = z.object({
  /** Number of the operation in its session, from 1. */
  op: z.number().int(),
  /** Sequence numbers of its events. */
  intentSeq: z.number().int(),
  outcomeSeq: z.number().int().nullable(),
  at: isoTime,
  settledAt: isoTime.nullable(),
  type: z.enum(OPERATION_TYPES),
  /** The gateway asked it, to know what the client's statements mean. */
  own: z.boolean(),
  /** The exact text, or its beginning when `cut`; base64 of the exact bytes where they are not UTF-8. */
  text: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  textLength: z.number().int(),
  cut: z.boolean(),
  /** Names of the prepared statement and portal, where the protocol has them. */
  statement: z.string().nullable(),
  portal: z.string().nullable(),
  binds: z.number().int(),
  maxRows: z.number().int().nullable(),
  effect: z.enum(['read', 'write']),
  decision: z.object({ effect: z.enum(['allow', 'deny', 'hold']), policy: z.string(), reason: z.string() }),
  /** How it was decided about when it was held, as recorded; null: it was not, or waits still. The last, where it was asked for again. */
  review: z
    .object({
      /** null: nobody could be asked. */
      id: z.string().nullable(),
      outcome: z.enum(['approved', 'rejected', 'expired', 'cancelled']).nullable(),
      approvedBy: z.array(z.object({ id: z.string(), name: z.string(), groups: z.array(z.string()) })),
      scope: z.enum(['once', 'run', 'minutes']).nullable(),
      reason: z.string().nullable(),
      decision: z.object({ effect: z.enum(['allow', 'deny', 'hold']), policy: z.string(), reason: z.string() }),
      waitedMs: z.number(),
    })
    .nullable(),
  /** `running`: no outcome yet. `unknown`: the session ended without one. */
  status: z.enum(['running', 'ok', 'error', 'suspended', 'refused', 'skipped', 'cancelled', 'unknown']),
  rows: z.number().int().nullable(),
  durationUs: z.number().nullable(),
  /** What each statement in it came to, such as `SELECT 3`. */
  outcomes: z.array(z.object({ tag: z.string(), rows: z.number().int() })),
  error: z.object({ code: z.string(), severity: z.string(), message: z.string() }).nullable(),
  /** Bytes the client saw for it. */
  outBytes: z.number().int(),
  /** True when the session's recording limit was reached: of what the client saw, bytes are missing; their hash is of all. */
  recordingCut: z.boolean(),
})
export type StatementItem = z.infer<typeof statementItem>

/** What is recorded of one operation. */
export interface RecordedOperation {
  readonly intent: OperationIntended
  readonly reviews: readonly OperationReviewed[]
  readonly outcome: OperationSettled | null
}

/** `maxText` is how many characters of the text are kept; `live` says whether an outcome may still come. */
export function toStatementItem(recorded: RecordedOperation, maxText: number, live: boolean): StatementItem {
  const { intent, outcome } = recorded
  return {
    op: intent.op,
    intentSeq: intent.seq,
    outcomeSeq: outcome?.seq ?? null,
    at: iso(new Date(intent.at)),
    settledAt: outcome === null ? null : iso(new Date(outcome.at)),
    type: intent.type,
    own: intent.own === true,
    text: cutText(intent.text, maxText),
    encoding: intent.encoding ?? 'utf8',
    textLength: intent.text.length,
    cut: intent.text.length > maxText,
    statement: intent.statement ?? null,
    portal: intent.portal ?? null,
    binds: intent.binds?.length ?? 0,
    maxRows: intent.maxRows ?? null,
    effect: intent.effect,
    decision: intent.decision,
    review: toReview(recorded.reviews.at(-1)),
    status: outcome?.status ?? (live ? 'running' : 'unknown'),
    rows: outcome?.rows ?? null,
    durationUs: outcome?.durationUs ?? null,
    outcomes: (outcome?.statements ?? []).map(({ tag, rows }) => ({ tag, rows })),
    error: outcome?.error ?? null,
    outBytes: outcome === null ? 0 : outcome.out[1] - outcome.out[0],
    recordingCut: outcome?.cut === true,
  }
}

function toReview(reviewed: OperationReviewed | undefined): StatementItem['review'] {
  if (reviewed === undefined) return null
  const { review, outcome, approvals, scope, reason, decision, waitedMs } = reviewed
  return {
    id: review,
    outcome,
    approvedBy: approvals.map(({ principal, groups }) => ({ ...principal, groups: [...groups] })),
    scope: scope?.kind ?? null,
    reason: reason ?? null,
    decision,
    waitedMs,
  }
}
