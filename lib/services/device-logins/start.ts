import { gt, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { hashToken } from '../../crypto/tokens'
import { deviceLogins } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { type Call, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { requireSystem } from '../system-actor'
import { newUserCode } from './user-code'

const DEVICE_LOGIN_SECONDS = 600
export const POLL_SECONDS = 2
const MAX_PENDING = 1_000
const DEVICE_CODE_BYTES = 32

export const startedDeviceLogin = z.object({
  deviceCode: z.string(),
  userCode: z.string(),
  expiresInSeconds: z.number().int(),
  intervalSeconds: z.number().int(),
})

/** Begins a sign-in of the command line (RFC 8628). Anybody may; at most 1,000 wait at a time. */
export async function startDeviceLogin({
  ctx,
}: Call<Record<string, never>>): Promise<z.infer<typeof startedDeviceLogin>> {
  requireSystem(ctx)
  const deviceCode = Buffer.from(ctx.random(DEVICE_CODE_BYTES)).toString('base64url')
  const userCode = newUserCode((length) => ctx.random(length))
  await inTransaction(ctx, async (inside) => {
    await inside.db.delete(deviceLogins).where(lt(deviceLogins.expiresAt, databaseNow))
    const waiting = await inside.db.$count(deviceLogins, gt(deviceLogins.expiresAt, databaseNow))
    if (waiting >= MAX_PENDING)
      throw new SallyportError(
        'too_many',
        'Too many sign-ins of the command line are waiting. Try again in 10 minutes.',
      )
    await inside.db.insert(deviceLogins).values({
      deviceHash: hashToken(deviceCode),
      userCode,
      expiresAt: sql`now() + make_interval(secs => ${DEVICE_LOGIN_SECONDS})`,
    })
  })
  return { deviceCode, userCode, expiresInSeconds: DEVICE_LOGIN_SECONDS, intervalSeconds: POLL_SECONDS }
}
