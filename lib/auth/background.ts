import { systemClock } from '../domain/clock'
import { toSallyportError } from '../domain/errors'
import { ownServices } from '../network/own-services'
import { channelsOf } from '../notifications/channels'
import { createPost } from '../notifications/post'
import { sendNotices } from '../notifications/sender'
import { expireReviews } from '../services/gateway/expire-reviews'
import { forgetOldNotices } from '../services/notifications/outbox'
import { logFailure } from './failure-log'
import { systemContext } from './identify'
import { portal } from './portal'

const SWEEP_MS = 3_000
const FORGET_MS = 60 * 60_000

/**
 * What a portal does by itself: tells others about reviews, and marks those whose time is over. Several portals share the work. Call
 * it once in a process; gives the way to stop it.
 */
export function startBackground(): () => void {
  const here = portal()
  const { env } = here
  const ctx = systemContext(here)
  const post = createPost({ allow: env.SALLYPORT_TARGET_ALLOW, own: ownServices(env) })
  const channels = channelsOf(env, post, () => systemClock.now())
  const reviewUrl = (id: string) => new URL(`/inbox?open=${id}`, env.SALLYPORT_URL).href
  const tell = oneAtATime(() => sendNotices({ ctx, channels, reviewUrl }))
  const sweep = oneAtATime(async () => void (await expireReviews(ctx)))
  const forget = oneAtATime(() => forgetOldNotices(ctx))
  const unwatch = here.hub.watch('reviews', tell)
  const timers = [setInterval(sweep, SWEEP_MS), setInterval(tell, SWEEP_MS), setInterval(forget, FORGET_MS)]
  for (const timer of timers) timer.unref()
  return () => {
    unwatch()
    for (const timer of timers) clearInterval(timer)
  }
}

/** Runs `work` when asked, never twice at once; asked meanwhile, once more after. A failure is logged: the next time tries again. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running = false
  let again = false
  const run = async () => {
    running = true
    try {
      do {
        again = false
        await work()
      } while (again)
    } catch (error) {
      logFailure(toSallyportError(error))
    } finally {
      running = false
    }
  }
  return () => {
    again = true
    if (!running) void run()
  }
}
