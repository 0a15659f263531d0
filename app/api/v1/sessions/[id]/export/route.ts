import { apiContext } from '#lib/auth/context'
import { exportSession } from '#lib/services/sessions/export'
import { problem } from '../../../_rest/problem'

/** A session as JSON Lines, streamed. `?recording=true` adds the recorded bytes. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  try {
    const ctx = await apiContext(request)
    const recording = new URL(request.url).searchParams.get('recording') === 'true'
    const { fileName, lines } = await exportSession({ ctx, input: { id: (await params).id, recording } })
    return new Response(streamOf(lines), {
      headers: {
        'content-type': 'application/jsonl; charset=utf-8',
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    return problem(error)
  }
}

/** Pulled by the reader, so that a slow one holds nothing in memory. */
function streamOf(lines: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}
