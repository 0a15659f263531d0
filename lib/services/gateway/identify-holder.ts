import { and, eq, exists, gt, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { hashToken, isToken } from '../../crypto/tokens'
import type { Database } from '../../db/client'
import { accessTokens, principals, runs, signIns } from '../../db/schema/principals'
import type { RunId, SignInId, TokenId } from '../../domain/ids'
import type { Principal } from '../../domain/principal'
import { toPrincipal } from '../principals/to-principal'

/** Whoever holds a token for the gateway's listeners. */
export interface TokenHolder {
  readonly principal: Principal
  /** The human behind an agent or service; for a person the person. */
  readonly onBehalfOf: Principal
  readonly tokenId: TokenId
  readonly signInId: SignInId | null
  readonly runId: RunId | null
  readonly runLabel: string | null
  /** Names of the connections it is good for; null: all that its principal may use. */
  readonly connections: readonly string[] | null
}

const owners = alias(principals, 'owners')

/**
 * Who may open a session with this token, by the store's clock; null when it is unknown, expired, revoked or meant for the API, when
 * the sign-in it hangs on is gone, or when its principal or the human behind it is disabled.
 */
export async function identifyHolder(db: Database, token: string): Promise<TokenHolder | null> {
  if (!isToken(token)) return null
  const signedIn = db.select({ one: sql`1` }).from(signIns).where(eq(signIns.id, accessTokens.signInId))
  const [row] = await db
    .select({
      principal: principals,
      owner: owners,
      tokenId: accessTokens.id,
      signInId: accessTokens.signInId,
      runId: accessTokens.runId,
      runLabel: runs.label,
      connections: accessTokens.connections,
    })
    .from(accessTokens)
    .innerJoin(principals, eq(principals.id, accessTokens.principalId))
    .leftJoin(runs, eq(runs.id, accessTokens.runId))
    .leftJoin(owners, and(eq(owners.id, principals.ownerId), isNull(owners.disabledAt)))
    .where(
      and(
        eq(accessTokens.hash, hashToken(token)),
        eq(accessTokens.scope, 'gateway'),
        isNull(accessTokens.revokedAt),
        gt(accessTokens.expiresAt, sql`now()`),
        isNull(principals.disabledAt),
        or(isNull(accessTokens.signInId), exists(signedIn)),
        or(eq(principals.kind, 'person'), isNotNull(owners.id)),
      ),
    )
  if (!row) return null
  const { principal, owner, ...rest } = row
  const holder = toPrincipal(principal)
  return { principal: holder, onBehalfOf: owner ? toPrincipal(owner) : holder, ...rest }
}
