import { z } from 'zod'
import { cutText } from '../../domain/cut-text'
import { may } from '../../domain/permissions'
import type { ReviewSubject } from '../../domain/review'
import type { Context } from '../context'
import { factsItem } from '../reviews/review-item'
import { iso, isoOrNull, isoTime } from '../timestamps'
import type { GrantRow } from './grant-row'

const named = z.object({ id: z.string(), name: z.string() })

export const grantItem = z.object({
  id: z.string(),
  /** `ended`: its time is over, or the connection is no longer what was approved. */
  state: z.enum(['active', 'revoked', 'ended']),
  reviewId: z.string(),
  principal: named.extend({ kind: z.enum(['person', 'agent', 'service']) }),
  human: named,
  /** Set: good in this run only. */
  run: z.object({ id: z.string(), label: z.string() }).nullable(),
  connection: named.extend({ version: z.number().int() }),
  /** The text that was approved. The grant covers its shape: the same statement with other constants. */
  text: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  facts: factsItem.nullable(),
  policies: z.array(z.string()),
  approvedBy: z.array(named.extend({ groups: z.array(z.string()) })),
  createdAt: isoTime,
  expiresAt: isoTime,
  revokedAt: isoTime.nullable(),
  revokedBy: named.nullable(),
  uses: z.number().int(),
  lastUsedAt: isoTime.nullable(),
  /** The viewer may revoke it. */
  revocable: z.boolean(),
})
export type GrantItem = z.infer<typeof grantItem>

const LIST_TEXT = 2_000

export function toGrantItem(ctx: Context, row: GrantRow): GrantItem {
  const { grant } = row
  const subject = JSON.parse(row.subject) as ReviewSubject
  return {
    id: grant.id,
    state: grant.revokedAt !== null ? 'revoked' : row.active ? 'active' : 'ended',
    reviewId: grant.reviewId,
    principal: row.principal,
    human: { id: grant.humanId, name: row.humanName },
    run: grant.runId === null ? null : { id: grant.runId, label: row.runLabel ?? '' },
    connection: { id: grant.connectionId, name: row.connectionName, version: grant.connectionVersion },
    text: cutText(subject.text, LIST_TEXT),
    encoding: subject.encoding ?? 'utf8',
    facts: row.facts as unknown as GrantItem['facts'],
    policies: grant.policies,
    approvedBy: grant.approvals.map(({ principal, groups }) => ({ ...principal, groups: [...groups] })),
    createdAt: iso(grant.createdAt),
    expiresAt: iso(grant.expiresAt),
    revokedAt: isoOrNull(grant.revokedAt),
    revokedBy: grant.revokedBy === null ? null : { id: grant.revokedBy, name: grant.revokedByName ?? '' },
    uses: grant.uses,
    lastUsedAt: isoOrNull(grant.lastUsedAt),
    revocable: row.active && mayRevoke(ctx, row),
  }
}

/** Whoever has the permission, and the human behind it, who only gives something up. */
export function mayRevoke(ctx: Context, { grant }: GrantRow): boolean {
  return may(ctx.actor, 'grants:revoke') || grant.humanId === ctx.actor.principal.id
}
