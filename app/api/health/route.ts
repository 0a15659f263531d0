import { storeAnswers } from '#lib/auth/health'

/** For load balancers: 200 while the portal and its store answer. Says nothing else. */
export async function GET(): Promise<Response> {
  const ok = await storeAnswers()
  return Response.json(
    { status: ok ? 'ok' : 'unavailable' },
    { status: ok ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}
