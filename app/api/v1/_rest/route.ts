import { anonymousContext, apiContext } from '#lib/auth/context'
import type { Operation } from './operation'
import { problem } from './problem'
import { readInput } from './read-input'

interface RouteProps {
  readonly params: Promise<Record<string, string>>
}

/** The handler of an operation: who calls, what they give, one verb, its answer or a problem document. */
export function route(operation: Operation): (request: Request, props: RouteProps) => Promise<Response> {
  return async (request, { params }) => {
    try {
      const ctx = operation.caller === 'nobody' ? anonymousContext() : await apiContext(request)
      const input = await readInput(operation, request, (await params) ?? {})
      return answer(await operation.run(ctx, input), operation.status)
    } catch (error) {
      return problem(error)
    }
  }
}

export function answer(body: unknown, status: number): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
