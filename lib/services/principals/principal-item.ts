import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { accessTokens, accounts, principals } from '../../db/schema/principals'
import { sessions } from '../../db/schema/sessions'
import { iso, isoOrNull, isoTime } from '../timestamps'

export const principalItem = z.object({
  id: z.string(),
  kind: z.enum(['person', 'agent', 'service']),
  name: z.string(),
  email: z.string().nullable(),
  /** The human who answers for an agent or service. */
  owner: z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }).nullable(),
  groups: z.array(z.string()),
  /** `invited`: a person who was named as an owner and has not signed in yet. */
  state: z.enum(['active', 'disabled', 'invited']),
  activeTokens: z.number().int(),
  liveSessions: z.number().int(),
  createdAt: isoTime,
  lastSeenAt: isoTime.nullable(),
})
export type PrincipalItem = z.infer<typeof principalItem>

export const owners = alias(principals, 'owners')

const count = (query: SQL) => query.mapWith(Number) as SQL<number>

/** Columns of a principal's item. Select them from `principals` left joined with `owners`. */
export const principalColumns = {
  principal: principals,
  ownerName: owners.name,
  ownerEmail: owners.email,
  hasAccount: sql<boolean>`exists (select 1 from ${accounts} where ${accounts.principalId} = ${principals.id})`,
  activeTokens: count(
    sql`(select count(*) from ${accessTokens} where ${accessTokens.principalId} = ${principals.id} and ${accessTokens.revokedAt} is null and ${accessTokens.expiresAt} > now())`,
  ),
  liveSessions: count(
    sql`(select count(*) from ${sessions} where ${sessions.principalId} = ${principals.id} and ${sessions.endedAt} is null)`,
  ),
}

export interface PrincipalRow {
  readonly principal: typeof principals.$inferSelect
  readonly ownerName: string | null
  readonly ownerEmail: string | null
  readonly hasAccount: boolean
  readonly activeTokens: number
  readonly liveSessions: number
}

export function toPrincipalItem(row: PrincipalRow): PrincipalItem {
  const { principal } = row
  const invited = principal.kind === 'person' && !row.hasAccount
  return {
    id: principal.id,
    kind: principal.kind,
    name: principal.name,
    email: principal.email,
    owner:
      principal.ownerId === null
        ? null
        : { id: principal.ownerId, name: row.ownerName ?? principal.ownerId, email: row.ownerEmail },
    groups: principal.groups,
    state: principal.disabledAt !== null ? 'disabled' : invited ? 'invited' : 'active',
    activeTokens: row.activeTokens,
    liveSessions: row.liveSessions,
    createdAt: iso(principal.createdAt),
    lastSeenAt: isoOrNull(principal.lastSeenAt),
  }
}
