import { apiContext } from '#lib/auth/context'
import { toSallyportError } from '#lib/domain/errors'
import type { Context } from '#lib/services/context'
import { dryRunPolicies } from '#lib/services/policies/dry-run/dry-run'
import { problem } from '../../../api/v1/_rest/problem'
import type { DryRunAsk, DryRunLine } from '../_components/read-dry-run'

/** A dry run as lines of JSON: how far it is, then what came of it. Whoever goes away ends it. */
export async function POST(request: Request): Promise<Response> {
  try {
    const ctx = await apiContext(request)
    const ask = (await request.json()) as DryRunAsk
    return new Response(dryRun(ctx, ask, request.signal), {
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    })
  } catch (error) {
    return problem(error)
  }
}

const ENCODER = new TextEncoder()

function dryRun(ctx: Context, ask: DryRunAsk, gone: AbortSignal): ReadableStream<Uint8Array> {
  const cancelled = new AbortController()
  const signal = AbortSignal.any([gone, cancelled.signal])
  return new ReadableStream({
    async start(controller) {
      const say = (line: DryRunLine) => {
        if (!signal.aborted) controller.enqueue(ENCODER.encode(`${JSON.stringify(line)}\n`))
      }
      try {
        const input = { ...ask, documents: [...ask.documents] }
        say({ result: await dryRunPolicies({ ctx, input }, { signal, onJudged: (judged) => say({ judged }) }) })
      } catch (error) {
        say({ error: toSallyportError(error).message })
      }
      if (!signal.aborted) controller.close()
    },
    cancel: () => cancelled.abort(),
  })
}
