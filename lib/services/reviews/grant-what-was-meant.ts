import { sql } from 'drizzle-orm'
import { newId } from '../../domain/ids'
import { narrowestScope } from '../../domain/quorum'
import { emitAudit } from '../audit/emit'
import { type Context, idSource } from '../context'
import { notifyControl, notifyLive } from '../signals/notify'
import type { ReviewRow } from './review-row'
import type { KeptVote } from './votes'

/**
 * Makes the grant that everybody who approved meant, if they all meant one. The store fills it in from the review and the votes, so
 * that it cannot be wider. In the transaction that approves.
 */
export async function grantWhatWasMeant(
  ctx: Context,
  { review }: ReviewRow,
  votes: readonly KeptVote[],
): Promise<void> {
  const scope = narrowestScope(votes)
  if (scope === null || scope.kind === 'once') return
  const id = newId('grant', idSource(ctx))
  // By hand: the query builder would name every column, and only these are ours to say.
  await ctx.db.execute(sql`insert into grants (id, review_id) values (${id}, ${review.id})`)
  await emitAudit(ctx, {
    action: 'grant.create',
    targetId: id,
    targetName: `${review.principalName} on ${review.connectionName}`,
    detail: { review: review.id, scope },
  })
  await notifyControl(ctx.db, { kind: 'grants-changed' })
  await notifyLive(ctx.db, 'grants')
}
