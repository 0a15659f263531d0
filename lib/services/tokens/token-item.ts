import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { accessTokens, principals, runs } from '../../db/schema/principals'
import { iso, isoOrNull, isoTime } from '../timestamps'

export const tokenItem = z.object({
  id: z.string(),
  /** Last four characters. */
  hint: z.string(),
  label: z.string(),
  scope: z.enum(['gateway', 'api']),
  principal: z.object({ id: z.string(), name: z.string(), kind: z.enum(['person', 'agent', 'service']) }),
  run: z.object({ id: z.string(), label: z.string() }).nullable(),
  /** Connection names it is bound to; null: all that its principal may use. */
  connections: z.array(z.string()).nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
  createdAt: isoTime,
  expiresAt: isoTime,
  revokedAt: isoTime.nullable(),
  lastUsedAt: isoTime.nullable(),
})
export type TokenItem = z.infer<typeof tokenItem>

/** Columns of a token's item. Select them from `accessTokens` joined with `principals`, left joined with `runs`. */
export const tokenColumns = {
  id: accessTokens.id,
  hint: accessTokens.hint,
  label: accessTokens.label,
  scope: accessTokens.scope,
  principalId: principals.id,
  principalName: principals.name,
  principalKind: principals.kind,
  runId: runs.id,
  runLabel: runs.label,
  connections: accessTokens.connections,
  createdAt: accessTokens.createdAt,
  expiresAt: accessTokens.expiresAt,
  revokedAt: accessTokens.revokedAt,
  lastUsedAt: accessTokens.lastUsedAt,
  expired: sql<boolean>`${accessTokens.expiresAt} <= now()`,
}

export interface TokenRow {
  readonly id: string
  readonly hint: string
  readonly label: string
  readonly scope: 'gateway' | 'api'
  readonly principalId: string
  readonly principalName: string
  readonly principalKind: 'person' | 'agent' | 'service'
  readonly runId: string | null
  readonly runLabel: string | null
  readonly connections: string[] | null
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly lastUsedAt: Date | null
  readonly expired: boolean
}

export function toTokenItem(row: TokenRow): TokenItem {
  return {
    id: row.id,
    hint: row.hint,
    label: row.label,
    scope: row.scope,
    principal: { id: row.principalId, name: row.principalName, kind: row.principalKind },
    run: row.runId === null ? null : { id: row.runId, label: row.runLabel ?? '' },
    connections: row.connections,
    state: row.revokedAt !== null ? 'revoked' : row.expired ? 'expired' : 'active',
    createdAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    revokedAt: isoOrNull(row.revokedAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
  }
}
