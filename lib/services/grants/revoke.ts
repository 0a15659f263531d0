import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { grants } from '../../db/schema/grants'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import { emitAudit } from '../audit/emit'
import { type Call, type Context, inTransaction } from '../context'
import { databaseNow } from '../database-now'
import { parseInput } from '../input'
import { notifyControl, notifyLive } from '../signals/notify'
import { type GrantItem, mayRevoke, toGrantItem } from './grant-item'
import { type GrantRow, selectGrants } from './grant-row'

export const revokeGrantInput = z.strictObject({ id: z.string().max(64) })

/** Ends a grant now: what is sent from here on is held again. Own agents' grants need no role. Twice is harmless. */
export async function revokeGrant({ ctx, input }: Call<z.input<typeof revokeGrantInput>>): Promise<GrantItem> {
  const { id } = parseInput(revokeGrantInput, input)
  return inTransaction(ctx, async (inside) => {
    if (isId('grant', id)) await inside.db.select({ id: grants.id }).from(grants).where(eq(grants.id, id)).for('update')
    const row = await findGrant(inside, id)
    if (!mayRevoke(inside, row))
      throw new SallyportError('forbidden', 'Only an approver, an admin or the human behind it can revoke this grant.')
    if (row.grant.revokedAt !== null) return toGrantItem(inside, row)
    const { principal } = inside.actor
    await inside.db
      .update(grants)
      .set({ revokedAt: databaseNow, revokedBy: principal.id, revokedByName: principal.name })
      .where(eq(grants.id, row.grant.id))
    await emitAudit(inside, {
      action: 'grant.revoke',
      targetId: row.grant.id,
      targetName: `${row.principal.name} on ${row.connectionName}`,
    })
    await notifyControl(inside.db, { kind: 'grants-changed' })
    await notifyLive(inside.db, 'grants')
    return toGrantItem(inside, await findGrant(inside, id))
  })
}

async function findGrant(ctx: Context, id: string): Promise<GrantRow> {
  const [row] = isId('grant', id) ? await selectGrants(ctx, eq(grants.id, id), 1) : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such grant.')
  return row
}
