import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { hashToken } from '../../crypto/tokens'
import { principals, signIns } from '../../db/schema/principals'
import { isId, newId, type SignInId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, idSource, inTransaction } from '../context'
import { parseInput } from '../input'
import { requireSystem } from '../system-actor'
import { SignInRefused } from './sign-in-refused'

export const createSignInInput = z.strictObject({
  /** The cookie's value, at least 32 characters of chance. Only its SHA-256 is kept. */
  token: z.string().min(32).max(512),
  principalId: z.string().max(64),
  expiresAt: z.date(),
})

/** Begins a browser's sign-in. Throws SignInRefused when the person is disabled. */
export async function createSignIn({
  ctx,
  input,
}: Call<z.input<typeof createSignInInput>>): Promise<{ signInId: SignInId }> {
  requireSystem(ctx)
  const { token, principalId, expiresAt } = parseInput(createSignInInput, input)
  return inTransaction(ctx, async (inside) => {
    const [person] = isId('principal', principalId)
      ? await inside.db
          .select()
          .from(principals)
          .where(and(eq(principals.id, principalId), isNull(principals.disabledAt)))
          .for('share')
      : []
    if (person === undefined) throw new SignInRefused('disabled')
    const signInId = newId('signIn', idSource(inside))
    await inside.db
      .insert(signIns)
      .values({ id: signInId, tokenHash: hashToken(token), principalId: person.id, expiresAt })
    await emitAudit(inside, {
      action: 'sign-in.create',
      targetId: person.id,
      targetName: person.name,
      detail: { signInId, expiresAt: expiresAt.toISOString() },
    })
    return { signInId }
  })
}
