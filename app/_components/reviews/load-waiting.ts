import { may } from '#lib/domain/permissions'
import type { Context } from '#lib/services/context'
import { listReviews } from '#lib/services/reviews/list'
import { factTitle } from '../fact-words'
import { NOTHING_WAITS, type Waiting } from './waiting'

const MOST = 200
const TOLD = 20

/** Reviews that the actor can decide about right now. */
export async function loadWaiting(ctx: Context): Promise<Waiting> {
  if (!may(ctx.actor, 'reviews:decide')) return NOTHING_WAITS
  const { items } = await listReviews({ ctx, input: { state: 'pending', limit: MOST } })
  const mine = items.filter(({ mine }) => mine.kind === 'decide')
  return {
    count: mine.length,
    newest: mine.slice(0, TOLD).map(({ id, facts, principal, connection }) => ({
      id,
      title: factTitle(facts),
      who: principal.name,
      connection: connection.name,
    })),
  }
}
