import { and, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { hashToken, mintToken } from '../../crypto/tokens'
import { accessTokens, deviceLogins, principals } from '../../db/schema/principals'
import { newId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, idSource, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { notifyLive } from '../signals/notify'
import { requireSystem } from '../system-actor'
import { POLL_SECONDS } from './start'

/** How long the command line stays signed in. */
const LOGIN_SECONDS = 12 * 60 * 60

export const pollDeviceLoginInput = z.strictObject({ deviceCode: z.string().min(1).max(200) })

/** The answers of RFC 8628, 3.5. */
export type DevicePoll =
  | { state: 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' }
  | { state: 'issued'; token: string; expiresInSeconds: number; email: string | null; name: string }

/** Asks whether a person has decided. A device code gives one token, once. */
export async function pollDeviceLogin({ ctx, input }: Call<z.input<typeof pollDeviceLoginInput>>): Promise<DevicePoll> {
  requireSystem(ctx)
  const { deviceCode } = parseInput(pollDeviceLoginInput, input)
  return inTransaction(ctx, async (inside) => {
    const [login] = await inside.db
      .select({
        deviceHash: deviceLogins.deviceHash,
        principalId: deviceLogins.principalId,
        deniedAt: deviceLogins.deniedAt,
        consumedAt: deviceLogins.consumedAt,
        expired: sql<boolean>`${deviceLogins.expiresAt} <= now()`,
        tooSoon: sql<boolean>`coalesce(${deviceLogins.polledAt} > now() - make_interval(secs => ${POLL_SECONDS * 0.75}), false)`,
      })
      .from(deviceLogins)
      .where(eq(deviceLogins.deviceHash, hashToken(deviceCode)))
      .for('update')
    if (login === undefined || login.expired || login.consumedAt !== null) return { state: 'expired_token' }
    if (login.deniedAt !== null) return { state: 'access_denied' }
    const here = eq(deviceLogins.deviceHash, login.deviceHash)
    await inside.db.update(deviceLogins).set({ polledAt: databaseNow }).where(here)
    if (login.principalId === null) return { state: login.tooSoon ? 'slow_down' : 'authorization_pending' }
    await inside.db.update(deviceLogins).set({ consumedAt: databaseNow }).where(here)
    return issue(inside, login.principalId)
  })
}

async function issue(ctx: Context, principalId: (typeof principals.$inferSelect)['id']): Promise<DevicePoll> {
  const [person] = await ctx.db
    .select()
    .from(principals)
    .where(and(eq(principals.id, principalId), isNull(principals.disabledAt)))
    .for('share')
  if (person === undefined) return { state: 'access_denied' }
  const { token, hash, hint } = mintToken((length) => ctx.random(length))
  const id = newId('token', idSource(ctx))
  await ctx.db.insert(accessTokens).values({
    ...{ id, hash, hint, principalId, createdBy: principalId },
    label: 'command line',
    scope: 'api',
    expiresAt: sql`now() + make_interval(secs => ${LOGIN_SECONDS})`,
  })
  await emitAudit(ctx, {
    action: 'token.mint',
    targetId: id,
    targetName: person.name,
    detail: { principalId, scope: 'api', ttlSeconds: LOGIN_SECONDS, by: 'device login' },
  })
  await notifyLive(ctx.db, 'tokens')
  return { state: 'issued', token, expiresInSeconds: LOGIN_SECONDS, email: person.email, name: person.name }
}
