import { z } from 'zod'
import { HOLD_MODES } from '../../domain/connection'
import { cutText } from '../../domain/cut-text'
import { approvalsIn, countApprovals, demandsMet } from '../../domain/quorum'
import { REVIEW_STATES, type ReviewSubject } from '../../domain/review'
import type { Context } from '../context'
import { iso, isoOrNull, isoTime } from '../timestamps'
import { toVotable } from './cast-vote'
import type { ReviewRow } from './review-row'
import type { KeptVote } from './votes'
import { barWords, votingBar } from './voting'

const named = z.object({ id: z.string(), name: z.string() })

export const factsItem = z.object({
  standing: z.enum(['clear', 'opaque', 'unparsed']),
  readOnly: z.boolean(),
  kinds: z.array(z.string()),
  statements: z.number().int(),
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  columns: z.array(z.string()),
  functions: z.array(z.string()),
  unknownFunctions: z.array(z.string()),
  unfiltered: z.array(z.enum(['update', 'delete'])),
  objects: z.array(z.string()),
  settings: z.array(z.string()),
})

export const reviewItem = z.object({
  id: z.string(),
  state: z.enum(REVIEW_STATES),
  /** `wait`: the client waits. `ticket`: it was told to send the same again. */
  mode: z.enum(HOLD_MODES),
  principal: named.extend({ kind: z.enum(['person', 'agent', 'service']) }),
  /** The human behind it. */
  human: named,
  run: z.object({ id: z.string(), label: z.string() }).nullable(),
  connection: named.extend({ version: z.number().int() }),
  database: z.string(),
  /** The operation that is held. */
  session: z.object({ id: z.string(), op: z.number().int() }),
  /** Beginning of the text, or of its bytes in base64; `readReview` has all of it. */
  text: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  facts: factsItem.nullable(),
  estimate: z.object({ rows: z.number(), of: z.number().nullable() }).nullable(),
  demands: z.array(
    z.object({
      policy: z.string(),
      group: z.string(),
      quorum: z.number().int(),
      reason: z.string(),
      /** How many different humans of the group approved. */
      approvals: z.number().int(),
    }),
  ),
  /** What the viewer can do about it. `last`: their approval decides it. */
  mine: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('decide'), last: z.boolean() }),
    z.object({ kind: z.literal('none'), why: z.string(), reason: z.string() }),
  ]),
  openedAt: isoTime,
  expiresAt: isoTime,
  decidedAt: isoTime.nullable(),
  /** How often the identical operation was sent again while it was pending. */
  repeats: z.number().int(),
  /** True once the approval was used. */
  executed: z.boolean(),
})
export type ReviewItem = z.infer<typeof reviewItem>

const LIST_TEXT = 300

export function subjectOf({ review }: ReviewRow): ReviewSubject {
  return JSON.parse(review.subject) as ReviewSubject
}

export function toReviewItem(ctx: Context, row: ReviewRow, votes: readonly KeptVote[]): ReviewItem {
  const { review } = row
  const subject = subjectOf(row)
  const approvals = approvalsIn(votes)
  return {
    id: review.id,
    state: row.state,
    mode: review.mode,
    principal: { id: review.principalId, name: review.principalName, kind: review.principalKind },
    human: { id: review.humanId, name: review.humanName },
    run: review.runId === null ? null : { id: review.runId, label: review.runLabel ?? '' },
    connection: { id: review.connectionId, name: review.connectionName, version: review.connectionVersion },
    database: subject.database,
    session: { id: review.sessionId, op: review.op },
    text: cutText(subject.text, LIST_TEXT),
    encoding: subject.encoding ?? 'utf8',
    facts: review.facts === null ? null : (review.facts as unknown as z.infer<typeof factsItem>),
    estimate: review.estimate,
    demands: review.demands.map((demand) => ({ ...demand, approvals: countApprovals(demand.group, approvals) })),
    mine: myPart(ctx, row, votes),
    openedAt: iso(review.openedAt),
    expiresAt: iso(review.expiresAt),
    decidedAt: isoOrNull(review.decidedAt),
    repeats: review.repeats,
    executed: row.execution !== null,
  }
}

function myPart(ctx: Context, row: ReviewRow, votes: readonly KeptVote[]): ReviewItem['mine'] {
  const bar = votingBar(ctx.actor, toVotable(row, votes))
  if (bar !== null) return { kind: 'none', why: bar, reason: barWords(bar) }
  const { demands } = row.review
  const { principal } = ctx.actor
  const groups = demands
    .map(({ group }) => group)
    .filter((group) => group === 'role:approver' || principal.groups.includes(group))
  const mine = { principal: { id: principal.id, name: principal.name }, groups }
  return { kind: 'decide', last: demandsMet(demands, [...approvalsIn(votes), mine]) }
}
