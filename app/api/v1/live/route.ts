import { apiContext } from '#lib/auth/context'
import { watchTopic } from '#lib/auth/live-stream'
import { problem } from '../_rest/problem'

/** Server-sent events: one empty message whenever something about `?topic=` changed. Ends within 5 s of the sign-in. */
export async function GET(request: Request): Promise<Response> {
  try {
    const asked = new Request(request.url, { headers: new Headers(request.headers) })
    const topic = new URL(request.url).searchParams.get('topic') ?? ''
    const stream = await watchTopic({ topic, context: () => apiContext(asked), signal: request.signal })
    return new Response(stream, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    })
  } catch (error) {
    return problem(error)
  }
}
