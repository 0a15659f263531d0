import { z } from 'zod'
import { SallyportError } from '../../domain/errors'
import { may } from '../../domain/permissions'
import type { LiveTopic } from '../../domain/signals'
import { readTest } from '../connections/read-test'
import type { Call } from '../context'
import { parseInput } from '../input'
import { findReview } from '../reviews/review-row'
import { findSession } from '../sessions/find'

const LISTS = ['sessions', 'connections', 'principals', 'tokens', 'reviews', 'policies', 'grants'] as const

export const liveTopicInput = z.strictObject({
  topic: z.union([
    z.enum(LISTS),
    z.string().regex(/^(session:ses|test:tst|review:rev)_[0-9a-z]{20}$/, 'is not something to watch'),
  ]),
})

/**
 * The topic, if the actor may watch it. Signals say only that something changed; what changed is read through the verbs, so lists
 * may be watched by everybody who is signed in.
 */
export async function authorizeTopic({ ctx, input }: Call<z.input<typeof liveTopicInput>>): Promise<LiveTopic> {
  const { topic } = parseInput(liveTopicInput, input)
  const [kind, id] = topic.split(':')
  if (kind === 'session' && id !== undefined) await findSession(ctx, id)
  if (kind === 'review' && id !== undefined) await findReview(ctx, id)
  if (kind === 'test' && id !== undefined) {
    if (!may(ctx.actor, 'connections:read')) throw new SallyportError('not_found', 'There is no such test.')
    await readTest({ ctx, input: { id } })
  }
  return topic as LiveTopic
}
