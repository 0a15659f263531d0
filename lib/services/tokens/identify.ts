import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { hashToken, isToken } from '../../crypto/tokens'
import type { Database } from '../../db/client'
import { accessTokens, principals } from '../../db/schema/principals'
import type { RunId, TokenId } from '../../domain/ids'
import type { Principal } from '../../domain/principal'
import { databaseNow } from '../database-now'
import { owners } from '../principals/principal-item'
import { toPrincipal } from '../principals/to-principal'

export interface TokenIdentity {
  readonly principal: Principal
  readonly tokenId: TokenId
  readonly runId: RunId | null
  readonly scope: 'gateway' | 'api'
}

const USED_EVERY_SECONDS = 60

/**
 * Who a token speaks for at the API; null when it is unknown, expired or revoked, or its principal or that one's owner is disabled.
 * There is no actor yet, so this is the one verb without a context.
 */
export async function identifyToken(call: { db: Database; token: string }): Promise<TokenIdentity | null> {
  if (!isToken(call.token)) return null
  const [row] = await call.db
    .select({
      principal: principals,
      tokenId: accessTokens.id,
      runId: accessTokens.runId,
      scope: accessTokens.scope,
      stale: sql<boolean>`coalesce(${accessTokens.lastUsedAt} < now() - make_interval(secs => ${USED_EVERY_SECONDS}), true)`,
    })
    .from(accessTokens)
    .innerJoin(principals, eq(principals.id, accessTokens.principalId))
    .leftJoin(owners, eq(owners.id, principals.ownerId))
    .where(
      and(
        eq(accessTokens.hash, hashToken(call.token)),
        isNull(accessTokens.revokedAt),
        gt(accessTokens.expiresAt, databaseNow),
        isNull(principals.disabledAt),
        or(isNull(principals.ownerId), isNull(owners.disabledAt)),
      ),
    )
  if (row === undefined) return null
  if (row.stale)
    await call.db.update(accessTokens).set({ lastUsedAt: databaseNow }).where(eq(accessTokens.id, row.tokenId))
  return { principal: toPrincipal(row.principal), tokenId: row.tokenId, runId: row.runId, scope: row.scope }
}
