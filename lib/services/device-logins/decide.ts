import type { z } from 'zod'
import { deviceLogins } from '../../db/schema/principals'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { noSuchCode, requirePersonInBrowser, userCodeInput, waitingUnder } from './read'

/** Signs the command line that shows this code in as the actor. */
export async function approveDeviceLogin({ ctx, input }: Call<z.input<typeof userCodeInput>>): Promise<void> {
  await decide(ctx, input, 'approve')
}

/** Refuses the command line that shows this code. */
export async function denyDeviceLogin({ ctx, input }: Call<z.input<typeof userCodeInput>>): Promise<void> {
  await decide(ctx, input, 'deny')
}

async function decide(ctx: Context, input: z.input<typeof userCodeInput>, verb: 'approve' | 'deny'): Promise<void> {
  requirePersonInBrowser(ctx)
  const { userCode } = parseInput(userCodeInput, input)
  const me = ctx.actor.principal
  await inTransaction(ctx, async (inside) => {
    const decided = await inside.db
      .update(deviceLogins)
      .set(verb === 'approve' ? { principalId: me.id } : { deniedAt: databaseNow })
      .where(waitingUnder(userCode))
      .returning({ userCode: deviceLogins.userCode })
    if (decided.length === 0) throw noSuchCode()
    await emitAudit(inside, { action: `device-login.${verb}`, targetId: me.id, targetName: me.name })
  })
}
