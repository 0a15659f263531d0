import { and, eq, gt, isNull } from 'drizzle-orm'
import { hashToken } from '../../crypto/tokens'
import type { Database } from '../../db/client'
import { principals, signIns } from '../../db/schema/principals'
import type { SignInId } from '../../domain/ids'
import type { Principal } from '../../domain/principal'
import { databaseNow } from '../database-now'
import { toPrincipal } from '../principals/to-principal'

export interface SignInIdentity {
  readonly principal: Principal
  readonly signInId: SignInId
}

/** Who a sign-in's cookie speaks for; null when it is unknown, expired or ended, or the person is disabled. */
export async function identifySignIn(call: { db: Database; token: string }): Promise<SignInIdentity | null> {
  const [row] = await call.db
    .select({ principal: principals, signInId: signIns.id })
    .from(signIns)
    .innerJoin(principals, eq(principals.id, signIns.principalId))
    .where(
      and(
        eq(signIns.tokenHash, hashToken(call.token)),
        gt(signIns.expiresAt, databaseNow),
        isNull(principals.disabledAt),
      ),
    )
  return row === undefined ? null : { principal: toPrincipal(row.principal), signInId: row.signInId }
}
