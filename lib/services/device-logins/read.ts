import { and, eq, gt, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { deviceLogins } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import type { Call, Context } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { iso, isoTime } from '../timestamps'
import { readUserCode } from './user-code'

export const userCodeInput = z.strictObject({ userCode: z.string().min(1).max(40) })
export const deviceLoginItem = z.object({ userCode: z.string(), createdAt: isoTime, expiresAt: isoTime })
export type DeviceLoginItem = z.infer<typeof deviceLoginItem>

/** The waiting sign-in behind a code that somebody typed in a browser. Throws `not_found` when none waits under it. */
export async function readDeviceLogin({ ctx, input }: Call<z.input<typeof userCodeInput>>): Promise<DeviceLoginItem> {
  requirePersonInBrowser(ctx)
  const { userCode } = parseInput(userCodeInput, input)
  const [row] = await ctx.db.select().from(deviceLogins).where(waitingUnder(userCode))
  if (row === undefined) throw noSuchCode()
  return { userCode: row.userCode, createdAt: iso(row.createdAt), expiresAt: iso(row.expiresAt) }
}

/** Codes are decided by people in a browser: a token must not make further tokens. */
export function requirePersonInBrowser(ctx: Context): void {
  if (ctx.actor.via.kind !== 'sign-in') throw new SallyportError('forbidden', 'Sign in with a browser to do this.')
}

export function waitingUnder(userCode: string) {
  return and(
    eq(deviceLogins.userCode, readUserCode(userCode)),
    gt(deviceLogins.expiresAt, databaseNow),
    isNull(deviceLogins.principalId),
    isNull(deviceLogins.deniedAt),
    isNull(deviceLogins.consumedAt),
  )
}

export function noSuchCode(): SallyportError {
  return new SallyportError('not_found', 'No sign-in waits under this code. It may have expired; start again.')
}
