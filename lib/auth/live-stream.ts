import { SallyportError } from '../domain/errors'
import type { Context } from '../services/context'
import { authorizeTopic } from '../services/live/authorize-topic'
import { portal } from './portal'

/** How often it is checked that the watcher may still watch: signing out ends a stream within 5 s. */
const CHECK_MS = 3_000
/** Signals closer together than this come as one. */
const GATHER_MS = 100
/** Far more than a person has pages open. */
const MAX_STREAMS = 100
const ENCODER = new TextEncoder()
const CHANGED = ENCODER.encode('data: changed\n\n')
const HEARTBEAT = ENCODER.encode(': still here\n\n')

export interface Watch {
  readonly topic: string
  /** Whoever watches, asked again and again. Throws when they are signed out. */
  context(): Promise<Context>
  readonly signal: AbortSignal
}

/**
 * A stream of server-sent events about `topic`. Throws what `context` throws, `not_found` for what is not theirs, and `too_many`
 * beyond 100 streams of one principal.
 */
export async function watchTopic(watch: Watch): Promise<ReadableStream<Uint8Array>> {
  const check = async () => authorizeTopic({ ctx: await watch.context(), input: { topic: watch.topic } })
  const topic = await check()
  const release = countStream((await watch.context()).actor.principal.id)
  let stop = release
  return new ReadableStream({
    start(controller) {
      let gathering: NodeJS.Timeout | undefined
      const send = (bytes: Uint8Array) => {
        // A reader that does not read gets nothing queued: one change is as good as many.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(bytes)
      }
      const unwatch = portal().hub.watch(topic, () => {
        gathering ??= setTimeout(() => {
          gathering = undefined
          send(CHANGED)
        }, GATHER_MS)
      })
      const end = () => {
        stop()
        controller.close()
      }
      const checking = setInterval(() => {
        check().then(() => send(HEARTBEAT), end)
      }, CHECK_MS)
      stop = () => {
        stop = () => {}
        clearInterval(checking)
        clearTimeout(gathering)
        unwatch()
        release()
        watch.signal.removeEventListener('abort', end)
      }
      watch.signal.addEventListener('abort', end)
      send(HEARTBEAT)
    },
    cancel() {
      stop()
    },
  })
}

/** Takes one of the principal's places; returns how to give it back. */
function countStream(principalId: string): () => void {
  const { streams } = portal()
  const open = streams.get(principalId) ?? 0
  if (open >= MAX_STREAMS) throw new SallyportError('too_many', 'Too many pages of yours are watching already.')
  streams.set(principalId, open + 1)
  return () => {
    const left = (streams.get(principalId) ?? 1) - 1
    if (left > 0) streams.set(principalId, left)
    else streams.delete(principalId)
  }
}
