import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { hashToken } from '../../crypto/tokens'
import { accessTokens, principals, signIns } from '../../db/schema/principals'
import { emitAudit } from '../audit/emit'
import { type Call, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { notifyControl, notifyLive } from '../signals/notify'
import { requireSystem } from '../system-actor'

export const endSignInInput = z.strictObject({ token: z.string().max(512) })

/** Signs a browser out: revokes the tokens minted in it and ends their live sessions within 5 s. Unknown cookies are ignored. */
export async function endSignIn({ ctx, input }: Call<z.input<typeof endSignInInput>>): Promise<void> {
  requireSystem(ctx)
  const { token } = parseInput(endSignInInput, input)
  await inTransaction(ctx, async (inside) => {
    const [ended] = await inside.db
      .delete(signIns)
      .where(eq(signIns.tokenHash, hashToken(token)))
      .returning()
    if (ended === undefined) return
    const revoked = await inside.db
      .update(accessTokens)
      .set({ revokedAt: databaseNow })
      .where(and(eq(accessTokens.signInId, ended.id), isNull(accessTokens.revokedAt)))
      .returning({ id: accessTokens.id })
    const [person] = await inside.db.select().from(principals).where(eq(principals.id, ended.principalId))
    await emitAudit(inside, {
      action: 'sign-in.end',
      targetId: ended.principalId,
      targetName: person?.name ?? '',
      detail: { signInId: ended.id, tokensRevoked: revoked.length },
    })
    await notifyControl(inside.db, { kind: 'signed-out', signInId: ended.id })
    await notifyLive(inside.db, 'tokens')
  })
}
